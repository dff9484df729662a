"""More events at once than the component bears."""

from __future__ import annotations

import json

import pytest

from chatkit_doctor.audits.component.event_burst import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import delta
from tests.recordings import Made, Part, entry, opened, recording, reply, send, state, user

TOO_DEEP = "Error: Minified React error #185; visit https://react.dev/errors/185 for the full message"
FULL = state(300, user(1, "Hi"), reply(2, "Good"))
BLANK = state(620, view="blank")


def posted(count: int, apart_ms: float) -> list[Made]:
    """So many deltas that reach the component up to 600 ms."""
    begin = 600 - (count - 1) * apart_ms
    data = json.dumps(delta("word "))
    return [entry(begin + i * apart_ms, "sse", "sse.posted", nonce="x", data=data) for i in range(count)]


def threw(message: str = TOO_DEEP) -> Made:
    """An error that nothing in the component catches."""
    return entry(610, "component", "component.error", message=message)


def of(*parts: Part) -> tuple[Part, ...]:
    """A turn with these things in it."""
    start = entry(110, "component", "component.event", name="response.start", detail=None)
    return (opened(), send(100, "Hi", until=900), start, FULL, *parts)


@pytest.mark.parametrize(
    "message", [TOO_DEEP, "Error: Maximum update depth exceeded. This can happen when a component …"]
)
def test_a_panel_that_a_burst_took_down_fails(message: str) -> None:
    (failure,) = failing(AUDIT, recording(*of(posted(50, 1.0), threw(message), BLANK)))
    assert (failure.turn, failure.details["events"], failure.details["ms"]) == (1, 50, 49)


@pytest.mark.parametrize(
    "parts",
    [
        (posted(50, 1.0), threw(), state(620, user(1, "Hi"), reply(2, "Good day"))),
        (posted(49, 1.0), threw(), BLANK),
        (posted(60, 20.0), threw(), BLANK),
        (posted(50, 1.0), threw("TypeError: x is undefined"), BLANK),
        (posted(50, 1.0), BLANK),
    ],
    ids=["nothing lost", "too few", "not at once", "another error", "no error"],
)
def test_near_misses_are_silent(parts: tuple[Part, ...]) -> None:
    assert_silent(AUDIT, recording(*of(*parts)))
