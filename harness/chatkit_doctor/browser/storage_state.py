"""What Playwright has saved of a context: cookies and local storage, by which someone is logged in."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast

from pydantic import BaseModel, Field, ValidationError

from chatkit_doctor.errors import UsageError
from chatkit_doctor.protocol.payload import parse_json
from chatkit_doctor.regular_files import NotAllowedError, read_regular

if TYPE_CHECKING:
    from playwright.async_api import StorageState

MAX_BYTES: Final = 16 * 1024 * 1024
"""Bytes of a file that are read."""


class _Cookie(BaseModel):
    name: str
    value: str
    domain: str = ""
    path: str = "/"
    expires: float = -1
    httpOnly: bool = False  # noqa: N815 - Playwright's own name
    secure: bool = False
    sameSite: Literal["Lax", "None", "Strict"] = "Lax"  # noqa: N815


class _Stored(BaseModel):
    name: str
    value: str


class _Origin(BaseModel):
    origin: str
    localStorage: list[_Stored] = Field(default_factory=list)  # noqa: N815


class _State(BaseModel):
    cookies: list[_Cookie] = Field(default_factory=list)
    origins: list[_Origin] = Field(default_factory=list)


def read_state(path: Path) -> StorageState:
    """A saved context. Raises UsageError for a file that is none, with the place that is wrong."""
    where = f"--storage-state {path}"
    hint = "Create one with: chatkit-doctor login URL --save FILE"
    try:
        data = read_regular(path, MAX_BYTES, below="/")
    except (OSError, NotAllowedError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"the file cannot be read: {why}", where=where, hint=hint) from error
    try:
        state = _State.model_validate(parse_json(data.decode("utf-8")))
    except ValidationError as error:
        mistake = error.errors()[0]
        place = ".".join(str(part) for part in mistake["loc"]) or "the whole"
        raise UsageError(
            f"this is not a Playwright storage state: {place}: {mistake['msg']}", where=where, hint=hint
        ) from error
    except ValueError as error:
        raise UsageError("this is not a storage state: it is not JSON", where=where, hint=hint) from error
    return cast("StorageState", state.model_dump())


def write_state(state: StorageState, path: Path) -> None:
    """Save a context in a file that nobody but its owner can read. Raises UsageError when it cannot be."""
    try:
        # Beside it, so that what was there before is replaced at once; made for its owner alone (0600).
        number, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                json.dump(state, file, indent=2)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UsageError(
            f"the file cannot be written: {error.strerror or error}", where=f"--save {path}"
        ) from error


def stored_secrets(state: StorageState) -> list[str]:
    """What the cookies and the local storage of a context say, with the texts in what is JSON there."""
    found = [cookie.get("value", "") for cookie in state.get("cookies", ())]
    for origin in state.get("origins", ()):
        for entry in origin["localStorage"]:
            found += _texts(entry["value"])
    return found


def _texts(value: str) -> list[str]:
    """A stored value, and every text within it where it is JSON, as applications store what they know."""
    try:
        waiting: list[object] = [parse_json(value)]
    except ValueError:
        return [value]
    found: list[str] = []
    while waiting:
        match waiting.pop():
            case str(text):
                found.append(text)
            case Mapping() as members:
                waiting += members.values()
            case list(members):
                waiting += members
            case _:
                pass
    return found
