"""Turns that do not end."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.dom.stuck_responding import AUDIT
from chatkit_doctor.recording.entries.session import LimitName
from tests.audits.asking import failures, turns_of
from tests.recordings import opened, send, state, user


def test_a_turn_that_still_responds_at_its_limit_is_stuck() -> None:
    sent = send(100, "Hi", until=900, limit="turn")
    assert turns_of(failures(AUDIT, opened(), sent, state(300, user(1, "Hi"), responding=True))) == [1]


def test_a_turn_that_ended_is_not() -> None:
    sent = send(100, "Hi", until=900)
    assert not failures(AUDIT, opened(), sent, state(300, user(1, "Hi"), responding=True))


def test_a_limit_that_the_component_does_not_respond_at_is_another_matter() -> None:
    sent = send(100, "Hi", until=900, limit="call")
    assert not failures(AUDIT, opened(), sent, state(300, user(1, "Hi"), responding=False))


@pytest.mark.parametrize(
    ("limit", "foreseen"), [("refusals", "6 times in all"), ("silence", "until the stream closes")]
)
def test_what_will_come_of_a_turn_that_was_given_up_is_told(limit: LimitName, foreseen: str) -> None:
    sent = send(100, "Hi", until=900, limit=limit)
    (found,) = failures(AUDIT, opened(), sent, state(300, user(1, "Hi"), responding=True))
    assert foreseen in found.title
