"""What a project says once for all: ``chatkit-doctor.toml``, or a table of its ``pyproject.toml``."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field

from chatkit_doctor.errors import UsageError
from chatkit_doctor.scenario.load import shown
from chatkit_doctor.scenario.part import Part
from chatkit_doctor.scenario.read import made_from

OWN_FILE: Final = "chatkit-doctor.toml"
TABLE: Final = "tool.chatkit-doctor"
_MEANT: Final = "settings must be a table"
_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")


class Settings(Part):
    """What verbs take from a project's file where the command line does not say it."""

    url: str | None = None
    """The URL that ``check`` diagnoses."""
    messages: list[str] = Field(default_factory=list)
    """The messages that ``check`` and ``lint`` send, one per turn."""
    headers: dict[str, str] = Field(default_factory=dict)
    """For requests to the project's backend or page. ``${NAME}`` is a variable of the environment."""
    storage_state: str | None = None
    """A saved login, as ``login`` makes it. Paths are relative to the file's folder."""
    setup: str | None = None
    """A Python file to run on the page first."""
    click: list[str] = Field(default_factory=list)
    """Selectors of elements to click to open the chat."""
    runtime: Literal["cdn", "snapshot", "reference"] | None = None
    """Which component ``check`` and ``run`` use."""
    turn_timeout: float | None = None
    """Time limit of a turn, in seconds."""
    timeout: float | None = None
    """Time limit of the whole run, in seconds."""
    expected: str | None = None
    """A file of known failures."""
    output: str | None = None
    """The folder for reports."""


def defaults(verb: str, arguments: Sequence[str], folder: Path) -> dict[str, Any]:
    """What the verb's parameters are where the ``arguments`` do not say it, by their names.

    The file is that of ``folder`` or of the nearest folder above it that has one. Raises UsageError for a
    file that cannot be read and for a variable that is not set, MistakesError with every mistake in it.
    """
    found = _found(folder)
    if found is None:
        return {}
    place, table = found
    settings = made_from(Settings, table, shown(place), _MEANT)
    names_another = any(each.partition("=")[0] in {"--page", "--backend"} for each in arguments)
    talks: dict[str, object] = {
        "message": settings.messages,
        "header": [f"{name}: {_filled(value, place)}" for name, value in settings.headers.items()],
        "turn_timeout": settings.turn_timeout,
    }
    chosen: dict[str, object] = {"runtime": settings.runtime, "expected": _beside(place, settings.expected)}
    visits: dict[str, object] = {
        "url": None if names_another else settings.url,
        "storage_state": _beside(place, settings.storage_state),
        "setup": _beside(place, settings.setup),
        "click": settings.click,
    }
    everywhere: dict[str, object] = {"timeout": settings.timeout, "output": _beside(place, settings.output)}
    of_verb = {"check": talks | chosen | visits, "lint": talks, "run": chosen}[verb]
    return {name: value for name, value in (everywhere | of_verb).items() if value not in (None, [])}


def _found(folder: Path) -> tuple[Path, Mapping[str, object]] | None:
    """The nearest file with settings, and its table."""
    for place in (folder, *folder.parents):
        own, project = place / OWN_FILE, place / "pyproject.toml"
        if own.is_file():
            return own, _read(own)
        if project.is_file():
            table: object = _read(project)
            for name in TABLE.split("."):
                table = table.get(name) if isinstance(table, dict) else None
            if isinstance(table, dict):
                return project, table
    return None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"it cannot be read: {error.strerror or error}", where=shown(file)) from error
    except ValueError as error:
        raise UsageError(f"this is not valid TOML: {error}", where=shown(file)) from error


def _filled(value: str, file: Path) -> str:
    """The value with what the environment says for its variables."""

    def said(found: re.Match[str]) -> str:
        if (known := os.environ.get(found[1])) is not None:
            return known
        raise UsageError(
            f"the variable {found[1]} is not set",
            where=shown(file),
            hint=f"Set it: {found[1]}=… chatkit-doctor …",
        )

    return _VARIABLE.sub(said, value)


def _beside(file: Path, path: str | None) -> str | None:
    return None if path is None else str(file.parent / path)
