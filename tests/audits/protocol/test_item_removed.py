"""Messages the backend takes back."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.item_removed import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import done, good, item, removed, streamed, user


@pytest.mark.parametrize(("item_id", "kind"), [("a1", "assistant_message"), ("u1", "user_message")])
def test_a_message_that_is_taken_back_fails(item_id: str, kind: str) -> None:
    (failure,) = failing(AUDIT, answered([*good(), removed(item_id)]))
    assert failure.details["type"] == kind


def test_a_message_of_an_earlier_turn_is_missed_even_with_a_new_reply() -> None:
    second = [done(user("x", "u2")), removed("a1"), *streamed("Yes.", "a2")]
    assert [f.turn for f in failing(AUDIT, answered(good(), second))] == [2]


def test_an_error_behind_it_points_to_a_guardrail() -> None:
    assert "guardrail" in failing(AUDIT, answered([*good(), removed("a1"), {"type": "error"}]))[0].why


@pytest.mark.parametrize(
    "events",
    [
        good(),
        [*good(), removed("nobody")],
        [*good(), removed("a1"), *streamed("Better.", "a2")],
        [*good(), done(item("task", "t", task={"type": "custom"})), removed("t")],
    ],
)
def test_what_is_replaced_or_not_missed_is_silent(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))
