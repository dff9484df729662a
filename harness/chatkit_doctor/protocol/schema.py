"""Checks of single events and stored threads against ``chatkit.types`` of the installed openai-chatkit.

The schema says what is valid, ``component.strictness`` what the component makes of it. Where the
component wants more than the schema does (lists that the SDK fills in by default), the check is made here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from chatkit_doctor.protocol.events import (
    EVENT_TYPES,
    ITEM_TYPES,
    ROLE_ITEMS,
    TEXT_DELTA,
    UPDATE_TYPES,
    item_of,
    nearest,
    type_of,
)
from chatkit_doctor.protocol.payload import JsonObject

MAX_PROBLEMS: Final = 20
"""Problems reported of one event."""

_SHOWN: Final = 60
_QUOTED: Final = re.compile(r"'([^']+)'")
_EXPECTED: Final = {
    "string_type": "a string",
    "int_type": "an integer",
    "int_parsing": "an integer",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "union_tag_not_found": "an object with a type",
    "float_type": "a number",
}
_NAMES: Final = {"item.type": ITEM_TYPES, "update.type": UPDATE_TYPES, "type": EVENT_TYPES}

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """One place of an event that is not as the schema wants it."""

    path: str
    """As in ``item.content[0].type``."""
    found: str
    """What is there, in words."""
    allowed: str
    """What may be there, in words."""
    nearest: str
    """The valid name that is spelled most like what was found; empty where there is none."""
    at: Path = ()
    """The way to it from the event."""
    event: JsonObject | None = None
    """The event; None where a whole answer is not what was requested."""


def prepare() -> None:
    """Load the types of the SDK, which takes a third of a second, before they are requested."""
    _events()
    _updates()


def check_event(event: JsonObject) -> tuple[SchemaProblem, ...]:
    """Every place where an event of known type differs from its schema, in order of the path."""
    if _is_good_delta(event):
        return ()
    found: dict[Path, SchemaProblem] = {}
    for path, problem in _problems(event):
        found.setdefault(path, problem)
    return tuple(found.values())[:MAX_PROBLEMS]


def check_thread(thread: object) -> tuple[SchemaProblem, ...]:
    """What the component cannot read in the answer of ``threads.get_by_id`` (measured).

    Far more lenient than the schema: without ``created_at``, ``status`` or ``has_more`` a thread loads well.
    """
    if not isinstance(thread, Mapping):
        return (_plain("", thread, "a thread: an object with id and items"),)
    items = thread.get("items")
    if not isinstance(items, Mapping):
        return (_plain("items", thread.get("items", MISSING), "an object with data, a list, and has_more"),)
    return check_page(items, "items.")


def check_page(page: object, prefix: str = "") -> tuple[SchemaProblem, ...]:
    """What the component cannot read in a page of items, as in the answer of ``items.list``."""
    if not isinstance(page, Mapping) or not isinstance(page.get("data"), list):
        found = page.get("data", MISSING) if isinstance(page, Mapping) else page
        return (_plain(f"{prefix}data".rstrip("."), found, "a list of items"),)
    problems: list[SchemaProblem] = []
    for index, item in enumerate(page["data"]):
        if isinstance(item, Mapping):
            for problem in check_event({"type": "thread.item.done", "item": item}):
                inner = problem.path.removeprefix("item").removeprefix(".")
                path = f"{prefix}data[{index}]" + (f".{inner}" if inner else "")
                problems.append(replace(problem, path=path))
        else:
            problems.append(_plain(f"{prefix}data[{index}]", item, "an item"))
    return tuple(problems[:MAX_PROBLEMS])


class _Missing:
    """Nothing at all."""


MISSING: Final = _Missing()
"""What is found where nothing is."""


def value_at(value: object, path: Path) -> object:
    """What is at the end of a way; MISSING where it leads nowhere."""
    for part in path:
        if not _holds(value, part):
            return MISSING
        value = value[part]  # type: ignore[index]
    return value


@cache
def _events() -> TypeAdapter[Any]:
    from chatkit.types import ThreadStreamEvent

    return TypeAdapter(ThreadStreamEvent)


@cache
def _updates() -> dict[str, TypeAdapter[Any]]:
    """One adapter for each update type: their union is not discriminated, and would blame all of them."""
    from chatkit.types import ThreadItemUpdate

    return {model.model_fields["type"].default: TypeAdapter(model) for model in get_args(ThreadItemUpdate)}


def _is_good_delta(event: JsonObject) -> bool:
    """Whether an event brings a piece of text as the schema has it: nearly every event does.

    The schema would find nothing in it either, and takes several times as long.
    """
    update = event.get("update")
    return (
        event.get("type") == "thread.item.updated"
        and type(update) is dict
        and update.get("type") == TEXT_DELTA
        and type(update.get("delta")) is str
        and type(update.get("content_index")) is int
        and type(event.get("item_id")) is str
        and "content" not in update
    )


def _problems(event: JsonObject) -> Iterator[tuple[Path, SchemaProblem]]:
    kind = type_of(event)
    if kind == "thread.item.updated" and isinstance(event.get("update"), Mapping):
        update = event["update"]
        if not isinstance(event.get("item_id"), str | int):
            yield _problem(event, ("item_id",), "string_type", "")
        adapter = _updates().get(type_of(update))
        if adapter is None:
            yield _problem(event, ("update", "type"), "literal_error", "")
            return
        yield from _errors(adapter, update, event, ("update",))
        yield from _own_checks(update.get("content"), event, ("update", "content"))
    else:
        yield from _errors(_events(), event, event, ())
        item = item_of(event)
        if item is None:
            return
        content = item.get("content")
        if type_of(item) == "assistant_message" and isinstance(content, list):
            for index, part in enumerate(content):
                yield from _own_checks(part, event, ("item", "content", index))
        if type_of(item) == "user_message" and not isinstance(item.get("attachments"), list):
            yield _problem(event, ("item", "attachments"), "list_type", "")


def _own_checks(part: object, event: JsonObject, path: Path) -> Iterator[tuple[Path, SchemaProblem]]:
    """A text part without a list of annotations is valid for the SDK and crashes the component."""
    is_text = isinstance(part, Mapping) and part.get("type") == "output_text"
    if is_text and isinstance(part, Mapping) and not isinstance(part.get("annotations"), list):
        yield _problem(event, (*path, "annotations"), "list_type", "")


def _errors(
    adapter: TypeAdapter[Any], value: object, event: JsonObject, prefix: Path
) -> Iterator[tuple[Path, SchemaProblem]]:
    try:
        adapter.validate_python(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            path = _real_path(value, detail["loc"], detail["type"])
            if detail["type"].startswith("union_tag"):
                path = (*path, "type") if value_at(value, path) is not None else path
            context = detail.get("ctx") or {}
            expected = str(context.get("expected") or context.get("expected_tags") or "")
            yield _problem(event, (*prefix, *path), detail["type"], expected)


def _real_path(value: object, location: tuple[int | str, ...], kind: str) -> Path:
    """The location without the tags that pydantic puts in for the members of a union."""
    path: list[str | int] = []
    for number, part in enumerate(location):
        is_last = number == len(location) - 1
        if _holds(value, part):
            value = value[part]  # type: ignore[index]
            path.append(part)
        elif is_last and kind == "missing":
            path.append(part)
    return tuple(path)


def _problem(event: JsonObject, path: Path, kind: str, expected: str) -> tuple[Path, SchemaProblem]:
    value = value_at(event, path)
    text = _text(path)
    names = _NAMES.get(text) or frozenset(_QUOTED.findall(expected))
    allowed = _EXPECTED.get(kind, "")
    if names and (kind == "literal_error" or kind.startswith("union_tag")):
        allowed = " or ".join(sorted(names)[:12])
    close = nearest(value, names) if isinstance(value, str) and names else ""
    if text == "item.type":
        close = ROLE_ITEMS.get(str(value_at(event, ("item", "role"))), close)
    problem = SchemaProblem(text, _words(value), allowed, close, path, event)
    return path, problem


def _holds(value: object, part: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, Mapping) and part in value


def _plain(path: str, found: object, allowed: str) -> SchemaProblem:
    return SchemaProblem(path, _words(found), allowed, "")


def _text(path: Path) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _words(value: object) -> str:
    if value is MISSING:
        return "nothing"
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
