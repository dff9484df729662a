"""Faults in how events are framed and encoded."""

from __future__ import annotations

import json
from collections.abc import Callable

from hypothesis import strategies as st

from tests.audits.protocol.cases import Sent
from tests.chatkit_events import Event
from tests.protocol.generated import Turn
from tests.protocol.mutations.fault import (
    Broken,
    fault,
    raw,
    some_turn,
)


@fault("sse-bad-framing")
def one_newline_in_place_of_two(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    joined = "".join(f"data: {json.dumps(event)}\n" for event in turns[at])
    return [*turns[:at], [joined + "\n"], *turns[at + 1 :]]


@fault("sse-bad-framing")
def two_events_without_a_blank_line(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    place = draw(st.integers(0, len(turns[at]) - 2))
    first, second = turns[at][place : place + 2]
    both = f"data: {json.dumps(first)}\ndata: {json.dumps(second)}\n\n"
    return [*turns[:at], [*turns[at][:place], both, *turns[at][place + 2 :]], *turns[at + 1 :]]


@fault("sse-bad-framing")
def lines_of_json(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    return [*turns[:at], [f"{json.dumps(event)}\n" for event in turns[at]], *turns[at + 1 :]]


@fault("sse-bad-framing")
def data_twice(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    return [*turns[:at], [f"data: {raw(event)}" for event in turns[at]], *turns[at + 1 :]]


def with_one_replaced(draw: st.DrawFn, turns: list[Turn], text: Callable[[Event], str]) -> Broken:
    """One event of one turn, written in another way."""
    at = some_turn(draw, turns)
    place = draw(st.integers(0, len(turns[at]) - 1))
    events: list[Sent] = list(turns[at])
    events[place] = text(turns[at][place])
    return [*turns[:at], events, *turns[at + 1 :]]


@fault("sse-bad-json")
def an_event_that_breaks_off(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    return with_one_replaced(draw, turns, lambda e: f"data: {json.dumps(e)[: len(json.dumps(e)) // 2]}\n\n")


@fault("sse-bad-json")
def the_text_of_a_python_dict(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    return with_one_replaced(draw, turns, lambda e: f"data: {e!a}\n\n")


@fault("sse-bad-json")
def not_a_number(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    return with_one_replaced(draw, turns, lambda e: raw({**e, "score": float("nan")}))


def twice_encoded(event: Event) -> str:
    """An event as a JSON text in a JSON text."""
    return f"data: {json.dumps(json.dumps(event))}\n\n"


@fault("sse-double-encoded")
def every_event_encoded_twice(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    return [*turns[:at], [twice_encoded(event) for event in turns[at]], *turns[at + 1 :]]


@fault("sse-double-encoded")
def an_aside_encoded_twice(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    aside: Sent = twice_encoded({"type": "progress_update", "text": "x"})
    return [*turns[:at], [*turns[at], aside], *turns[at + 1 :]]


@fault("sse-done-marker")
def a_done_marker(draw: st.DrawFn, turns: list[Turn]) -> Broken:
    at = some_turn(draw, turns)
    return [*turns[:at], [*turns[at], "data: [DONE]\n\n"], *turns[at + 1 :]]
