"""A list or an object in one place of an event, where nobody expects it, breaks nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.chatkit_events import Event, created, done, good, user
from tests.conversation.made import conversation, first, judged, later, read_back
from tests.protocol.dialect_streams import DIALECT_STREAMS
from tests.simulator.test_damage import EVENTS

ODD: Final[tuple[object, ...]] = ([], {}, [[]], [{}])
STREAMS: Final[dict[str, list[Event]]] = {
    "chatkit": EVENTS,
    **{name: [event for event in sent if isinstance(event, dict)] for name, sent in DIALECT_STREAMS.items()},
}


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in an event, from outside to inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from places(each, (*path, key))


def replaced(event: Event, path: tuple[Any, ...], value: object) -> Event:
    """The event with another value in one place."""
    changed: Any = copy.deepcopy(event)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = copy.deepcopy(value)
    return dict(changed)


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("name", [name for name, events in STREAMS.items() if events])
def test_an_odd_value_in_any_place_breaks_nothing(name: str, odd: object, tmp_path: Path) -> None:
    events = [replaced(event, path, odd) for event in STREAMS[name] for path in places(event)]
    begun = [created(), done(user())] if name == "chatkit" else []
    stored = [event["item"] for event in events if isinstance(event.get("item"), dict)]
    made = conversation(first([*begun, *events]), later([*good(turn=2), *events]), read_back(stored))
    assert judged(made, tmp_path).verdict in {"pass", "fail", "inconclusive"}
