"""Ids that are used for two items."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.item_id_collision import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import created, done, good, item, reply, streamed, user, without

FIRST = [created(), done(user())]
CARD = done(item("widget", "w", widget={"type": "Card", "children": []}))


@pytest.mark.parametrize(
    ("events", "second"),
    [
        ([created(), done(user(item_id="x")), done(reply(item_id="x"))], "assistant_message"),
        ([created(), done(without(user(), "id")), done(without(reply(), "id"))], "assistant_message"),
        ([*FIRST, *streamed("One.", "a"), *streamed("Two.", "a")], "assistant_message"),
    ],
)
def test_one_id_for_two_items_in_a_stream_fails(events: list[Sent], second: str) -> None:
    (failure,) = failing(AUDIT, answered(events))
    assert failure.details["second"] == second
    assert failure.details["across_turns"] is False


@pytest.mark.parametrize(
    "second",
    [[done(user("x", "u2")), *streamed("Two.", "a1")], [done(user("x", "u1")), *streamed("Two.", "a2")]],
)
def test_an_id_of_an_earlier_turn_fails(second: list[Sent]) -> None:
    (failure,) = failing(AUDIT, answered(good(), second))
    assert (failure.turn, failure.details["across_turns"]) == (2, True)


def test_a_widget_that_takes_the_place_of_an_earlier_turn_s_fails() -> None:
    steps = [done(item("widget", "step", widget={"type": "Card", "children": [name]})) for name in "ab"]
    second = [done(user("x", "u2")), steps[1], *streamed("Two.", "a2")]
    (failure,) = failing(AUDIT, answered([*good(), steps[0]], second))
    assert (failure.turn, failure.details["first"], failure.details["across_turns"]) == (2, "widget", True)


def test_the_fake_id_of_the_agents_sdk_is_explained() -> None:
    first = [created(), done(user()), *streamed("One.", "__fake_id__")]
    second = [done(user("x", "u2")), *streamed("Two.", "__fake_id__")]
    looming, real = failing(AUDIT, answered(first, second))
    assert (looming.confidence, real.confidence) == ("likely", "certain")
    assert (looming.turn, real.turn) == (2, 2)
    assert "openai-agents" in real.why


@pytest.mark.parametrize(
    "streams",
    [
        [good()],
        [good(), good(turn=2)],
        [[*FIRST, done(reply()), done(reply())]],
        [[*good(), CARD], [done(user("x", "u2")), CARD, *streamed("Two.", "a2")]],
        [[*good(), done(item("text", "a1"))]],
    ],
)
def test_ids_that_harm_nothing_pass(streams: list[list[Sent]]) -> None:
    assert_silent(AUDIT, answered(*streams))
