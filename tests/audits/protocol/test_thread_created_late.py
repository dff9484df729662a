"""``thread.created`` behind other events, or twice."""

from __future__ import annotations

from chatkit_doctor.audits.protocol.thread_created_late import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import answered
from tests.chatkit_events import created, done, good, streamed, user

PROGRESS = {"type": "progress_update", "text": "Thinking"}


def test_what_came_before_it_is_lost() -> None:
    (failure,) = failing(AUDIT, answered([done(user()), created(), *streamed()]))
    assert (failure.details["position"], failure.details["lost"]) == (2, 1)


def test_a_second_one_loses_what_came_before_it() -> None:
    (failure,) = failing(AUDIT, answered([created(), done(user()), created(), *streamed()]))
    assert failure.details["repeated"] is True
    assert "twice" in failure.title


def test_progress_before_it_is_no_loss() -> None:
    assert_silent(AUDIT, answered([PROGRESS, *good()]))


def test_two_at_the_very_beginning_lose_nothing() -> None:
    assert_silent(AUDIT, answered([created(), *good()]))


def test_another_thread_is_another_cause() -> None:
    assert_silent(AUDIT, answered([created(), done(user()), created("other"), *streamed()]))


def test_one_in_a_later_turn_is_ignored_by_the_component() -> None:
    assert_silent(AUDIT, answered(good(), [done(user("x", "u2")), created(), *streamed("y", "a2")]))
