"""Values in the places of an event where nobody expects them: nested, endless, unprintable."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from tests.differential.generated import Maker

_NOT_WRITTEN_BY_PYTHON: Final = {
    "@deep@": "[" * 900 + "]" * 900,
    "@deeper@": '{"a":' * 20_000 + "1" + "}" * 20_000,
    "@huge@": "1e999",
    "@digits@": "9" * 5_000,
    "@nan@": "NaN",
}
"""What stands for them in an event until it is written."""
_TEXTS: Final = (
    "\0",
    "a\0b",
    "\ud800",
    "\u202e",
    "\x1b[31m",
    "<img src=x onerror=alert(1)>",
    "x" * 200_000,
    "",
)
_NUMBERS: Final[tuple[object, ...]] = (10**30, -(2**63), 1e308, 2**53 + 1, -0.0)


def written(value: object) -> str:
    """A value as JSON, or as near to it as it was meant to be."""
    text = json.dumps(value)
    for placeholder, inner in _NOT_WRITTEN_BY_PYTHON.items():
        text = text.replace(f'"{placeholder}"', inner)
    return text


def _odd_text(make: Maker, events: list[Any]) -> None:
    _put(make, events, make.one(_TEXTS))


def _odd_number(make: Maker, events: list[Any]) -> None:
    _put(make, events, make.one(_NUMBERS))


def _beyond_json(make: Maker, events: list[Any]) -> None:
    _put(make, events, make.one(tuple(_NOT_WRITTEN_BY_PYTHON)))


def _flood(make: Maker, events: list[Any]) -> None:
    """One event hundreds of times."""
    if events:
        at = make.below(len(events))
        events[at:at] = [events[at]] * (200 + make.below(600))


def _strange_field(make: Maker, events: list[Any]) -> None:
    found = [event for event in events if isinstance(event, dict)]
    if found:
        make.one(found)[make.one(("", "\0", "__proto__", "constructor", "k" * 5_000))] = make.one(
            ("x", None, {"a": []})
        )


def _put(make: Maker, events: list[Any], value: object) -> None:
    """The value in some place of some event."""
    place: Any = make.one(found) if (found := [e for e in events if isinstance(e, dict)]) else None
    while place:
        key = make.one(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], dict | list) or not place[key] or make.chance(20):
            place[key] = value
            return
        place = place[key]


VALUE_DAMAGE: Final[tuple[Callable[[Maker, list[Any]], None], ...]] = (
    _odd_text,
    _odd_number,
    _beyond_json,
    _strange_field,
    _flood,
)
