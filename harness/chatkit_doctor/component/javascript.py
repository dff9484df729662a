"""The few rules of JavaScript and React by which the component treats a value that it did not expect.

Foreign data reaches the component as it is, and a wrong shape does what the language makes of it: a number
is shown, an object in place of a text cannot be drawn, a missing list cannot be walked. Source: ECMA-262
(ToString, ToBoolean, property access) and React's rules for children; held against the real component by
``tests/differential``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final


class ThrownError(Exception):
    """What JavaScript would throw here, as the console names it."""


class _Absent:
    """A value that JSON cannot hold."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


UNDEFINED: Final = _Absent("undefined")
"""What is read where there is nothing."""
HOLE: Final = _Absent("hole")
"""A place in a list that was skipped when a later one was filled."""

_INDEX: Final = re.compile(r"0|[1-9]\d{0,9}")
_LAST_SINGLE: Final = 0xFFFF
_LARGEST_PLAIN: Final = 1e21
"""Numbers from here on are written with an exponent."""


def get(value: object, key: str) -> object:
    """A property. Raises ThrownError where there is nothing that could have one."""
    if isinstance(value, Mapping):
        return value.get(key, UNDEFINED)
    if is_nullish(value):
        raise ThrownError(f"TypeError: Cannot read properties of {string(value)} (reading '{key}')")
    return UNDEFINED


def is_nullish(value: object) -> bool:
    """Whether there is nothing: null, or not even that."""
    return value is None or isinstance(value, _Absent)


def truthy(value: object) -> bool:
    """Whether a condition would hold. Objects and lists do, empty or not."""
    if isinstance(value, Mapping | list):
        return True
    return not is_nullish(value) and bool(value)


def number(value: object) -> float | None:
    """The value where it is a number, and no truth value."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def string(value: object) -> str:
    """The value as a text, as ``String(value)``."""
    if isinstance(value, list):
        return ",".join("" if is_nullish(inner := _innermost(each)) else string(inner) for each in value)
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        is_whole = isinstance(value, int) or (value.is_integer() and abs(value) < _LARGEST_PLAIN)
        return str(int(value)) if is_whole else repr(value)
    return "undefined" if isinstance(value, _Absent) else "[object Object]"


def _innermost(value: object) -> object:
    """What lists of one element hold in the end, whose text is theirs. No stack is deep enough for all."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value


def child(value: object) -> str:
    """The text of a value put where React draws a child. Raises ThrownError for an object."""
    if is_nullish(value) or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return "".join(map(child, value))
    if isinstance(value, Mapping):
        raise ThrownError("Error: Objects are not valid as a React child")
    return string(value)


def index(value: object) -> int | None:
    """The place in a list that a property names; None where it is no place, and harmless."""
    name = string(value)
    return int(name) if _INDEX.fullmatch(name) else None


def elements(value: object) -> list[object]:
    """All that can be walked through. Raises ThrownError for what cannot."""
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        return list(value)
    raise ThrownError(f"TypeError: {string(value)} is not iterable")


def put(values: list[object], at: int, value: object) -> None:
    """Fill one place of a list, and leave holes before it where it is beyond the end."""
    values.extend([HOLE] * (at + 1 - len(values)))
    values[at] = value


def at_unit(text: str, place: int) -> int:
    """Where in a text a place lies that is counted as JavaScript counts; -1 beyond its end.

    It counts the units of UTF-16, of which an emoji has two.
    """
    if text.isascii():
        return place if place <= len(text) else -1
    for at, character in enumerate(text):
        if place <= 0:
            return at
        place -= units(character)
    return len(text) if place <= 0 else -1


def units(character: str) -> int:
    """How long JavaScript takes a character to be."""
    return 2 if ord(character) > _LAST_SINGLE else 1


def joined(pieces: Iterable[str]) -> str:
    """Pieces of text as one. A character that came in halves is one again."""
    text = "".join(pieces)
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
