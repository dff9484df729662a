"""Failures that are told in the words of an ordinary reply."""

from __future__ import annotations

from chatkit_doctor.audits.protocol.error_told_as_reply import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import answered
from tests.chatkit_events import good

SORRY = "I'm sorry, I encountered an error: Connection refused"


def test_it_is_quoted_with_the_event_that_says_it_and_only_warned_of() -> None:
    (failure,) = failing(AUDIT, answered(good(SORRY)))
    assert SORRY in failure.why
    assert "event 10 finishes" in failure.evidence[0].text
    assert failure.warns_only


def test_the_turn_of_the_reply_is_named() -> None:
    found = failing(AUDIT, answered(good(), good(SORRY, turn=2)))
    assert [failure.turn for failure in found] == [2]


def test_a_reply_that_is_about_errors_is_silent() -> None:
    assert_silent(AUDIT, answered(good("An error occurred usually means that the server gave up.")))
