"""What the data of one server-sent event holds: a JSON object, or what is sent in its place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NoReturn, cast

JsonObject = Mapping[str, Any]
"""One JSON object as it was sent: foreign data, checked where it is used."""


def as_object(value: object) -> JsonObject:
    """The value where it is a JSON object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


class PayloadKind(StrEnum):
    """What an event's data turned out to be, and what the component does with it (measured)."""

    OBJECT = "object"
    """A JSON object: the only thing the component can use."""
    OTHER_JSON = "other-json"
    """An array, a number, ``null``: read and ignored, at most with an error in the console."""
    EMPTY = "empty"
    """No data: ignored."""
    DONE = "done"
    """``[DONE]``: the component reports StreamEventParsingError and goes on."""
    DOUBLE_ENCODED = "double-encoded"
    """A JSON string that contains JSON: read as a string and silently ignored."""
    SEVERAL = "several"
    """Several JSON documents, one per line: a blank line is missing. StreamEventParsingError, all lost."""
    DOUBLE_FRAMED = "double-framed"
    """``data:`` twice: framed by hand, then again by a library. StreamEventParsingError."""
    BROKEN = "broken"
    """Meant to be JSON and is not: StreamEventParsingError; the event is lost, the next ones are read."""
    TEXT = "text"
    """Not meant to be JSON: StreamEventParsingError for each event."""
    SHORTENED = "shortened"
    """Cut by the recording's own limit: nothing can be said about it."""


@dataclass(frozen=True, slots=True)
class Payload:
    """One event's data. ``values`` are the JSON objects it was meant to carry, readable or not so."""

    kind: PayloadKind
    values: tuple[JsonObject, ...] = ()
    error: str = ""

    @property
    def value(self) -> JsonObject | None:
        """The event as the component reads it, or None when it cannot."""
        return self.values[0] if self.kind is PayloadKind.OBJECT else None


_SHORTENED: Final = re.compile(r"… \[\d+ characters more\]$")
_DONE: Final = re.compile(r'^"?\[DONE\]"?$', re.IGNORECASE)
_LOOKS_LIKE_JSON: Final = re.compile(r"""^\s*(?:[{\["]|-?\d|(?:true|false|null|None|True|False|NaN)\b)""")
_LONGEST_INTEGER: Final = 309
"""Characters; what is longer is ``Infinity`` in a browser."""


_LONGEST_KEPT: Final = 4_096
"""Characters of data that are read once, be they asked about ever so often. With the number of those that are
kept it bounds the memory that they take, however they are nested."""


def read_payload(data: str) -> Payload:
    """What the data of one event holds. Its values may be those of another event: nobody changes them."""
    return _read(data) if len(data) > _LONGEST_KEPT else _known(data)


@lru_cache(maxsize=512)
def _known(data: str) -> Payload:
    # A diagnosis reads the same events dozens of times, and a flood holds one of them hundreds of times.
    return _read(data)


def _read(data: str) -> Payload:
    text = data.strip()
    if not text:
        return Payload(PayloadKind.EMPTY)
    if _DONE.match(text):
        return Payload(PayloadKind.DONE)
    try:
        value = parse_json(text)
    except ValueError as error:
        return _unreadable(text, str(error))
    if isinstance(value, dict):
        return Payload(PayloadKind.OBJECT, (cast("JsonObject", value),))
    if isinstance(value, str) and (inner := _object(value)) is not None:
        return Payload(PayloadKind.DOUBLE_ENCODED, (inner,))
    return Payload(PayloadKind.OTHER_JSON)


def parse_json(text: str) -> object:
    """JSON as a browser reads it: no ``NaN``, no ``Infinity``. Raises ValueError, for deep nesting too."""
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def json_or_text(value: object) -> object:
    """What a text says as JSON; the text itself where it is none. Anything else stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value)
    except ValueError:
        return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _integer(digits: str) -> int | float:
    """A number of any length, as a browser reads it; Python refuses to make an integer of a very long one."""
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def _unreadable(text: str, error: str) -> Payload:
    if _SHORTENED.search(text):
        return Payload(PayloadKind.SHORTENED)
    if framed := re.fullmatch(r"data:\s*(.*)", text, re.DOTALL):
        inner = _object(framed[1])
        return Payload(PayloadKind.DOUBLE_FRAMED, (inner,) if inner is not None else (), error)
    lines = [line for line in text.splitlines() if line.strip()]
    values = [value for line in lines if (value := _object(line)) is not None]
    if len(lines) > 1 and len(values) == len(lines):
        return Payload(PayloadKind.SEVERAL, tuple(values), error)
    kind = PayloadKind.BROKEN if _LOOKS_LIKE_JSON.match(text) else PayloadKind.TEXT
    return Payload(kind, (), error)


def _object(text: str) -> JsonObject | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = parse_json(text)
    except ValueError:
        return None
    return cast("JsonObject", value) if isinstance(value, dict) else None


# Made once: json.loads() makes one for each call that has any option.
_DECODER: Final = json.JSONDecoder(parse_constant=_refuse, parse_int=_integer)
