"""Page fetches that reject."""

from __future__ import annotations

from chatkit_doctor.audits.fetch.fetch_threw import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, recorded

THREW = Handed(threw="Error: no session token yet")


def test_a_rejection_before_any_request_fails() -> None:
    (failure,) = failing(AUDIT, recorded(exchange(100, custom=THREW, network=False)))
    assert "no session token yet" in failure.why
    assert "before any request" in failure.why


def test_a_rejection_after_a_good_answer_fails() -> None:
    assert (
        "after the backend had answered"
        in failing(AUDIT, recorded(exchange(100, body=good(), custom=THREW)))[0].why
    )


def test_a_rejection_because_the_backend_refused_is_a_consequence() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=b"", status=401, mime=None, custom=THREW)))


def test_a_fetch_that_passes_through_passes() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good(), custom=Handed())))


def test_without_a_fetch_of_its_own_the_question_does_not_arise() -> None:
    assert ask(AUDIT, recorded(exchange(100, body=good()))).status == "not-applicable"
