"""What a backend meant to say, however badly it said it."""

from __future__ import annotations

import pytest

from chatkit_doctor.protocol.intended_replies import intended_replies
from tests.chatkit_events import (
    ANSWER,
    Event,
    added,
    created,
    delta,
    done,
    good,
    part,
    part_done,
    removed,
    reply,
    streamed,
    updated,
    user,
)

FIRST = [created(), done(user())]


def test_the_intended_reply_is_the_final_text() -> None:
    assert intended_replies(good()) == [ANSWER]


def test_two_messages_are_two_intended_replies_in_order() -> None:
    assert intended_replies([*good(), *streamed("More.", "a2")]) == [ANSWER, "More."]


@pytest.mark.parametrize(
    "events",
    [
        [*FIRST, *streamed()[:-1]],
        [*FIRST, *streamed()[:-1], done(reply(content=[]))],
        [*FIRST, *streamed()[:-1], done(reply(content=[{"type": "text", "text": ANSWER}]))],
        [*FIRST, part("x"), delta(ANSWER, "x")],
        [*streamed()],
        [*FIRST, added(reply(content=[])), delta(ANSWER)],
        [*FIRST, part("x"), delta(ANSWER, "x"), done(reply())],
    ],
)
def test_the_intended_reply_is_what_was_meant_however_badly_it_was_sent(events: list[Event]) -> None:
    assert intended_replies(events) == [ANSWER]


def test_a_character_that_comes_in_halves_is_one_again() -> None:
    events = [*FIRST, *streamed()[:2], delta("Hi \ud83d"), delta("\ude00")]
    assert intended_replies(events) == ["Hi 😀"]


def test_a_removed_reply_is_not_meant() -> None:
    assert intended_replies([*good(), removed("a1")]) == []


def test_parts_of_one_reply_are_lines() -> None:
    events = [added(reply(content=[])), part_done("one"), part_done("two", index=1)]
    assert intended_replies(events) == ["one\ntwo"]


@pytest.mark.parametrize(
    "odd", [{}, {"type": 5}, {"type": "thread.item.done", "item": []}, updated({}, None)]
)
def test_odd_events_change_nothing(odd: Event) -> None:
    assert intended_replies([*good(), odd]) == [ANSWER]
