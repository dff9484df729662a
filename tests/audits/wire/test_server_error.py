"""Backends that break down."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.wire.server_error import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, failed, recorded
from tests.recordings import URL, entry


def test_a_5xx_fails_and_says_how_often_the_message_was_sent() -> None:
    (failure,) = failing(
        AUDIT, recorded(exchange(100, body=b"Oops", status=500, mime="text/plain", attempts=3))
    )
    assert (failure.details["status"], failure.details["attempts"]) == (500, 3)
    assert "Oops" in failure.why


def test_what_earlier_attempts_said_is_quoted_too() -> None:
    """A gateway that gives up on the retries has nothing to say; the backend itself had."""
    plain = "text/plain"
    first = exchange(100, body=b"KeyError: thr_1", status=500, mime=plain)
    then = exchange(1_600, body=b"Bad gateway", status=502, mime=plain, observed=False)
    last = exchange(5_000, body=b"", status=503, mime=plain, observed=False)
    (failure,) = failing(AUDIT, recorded(first, then, last))
    assert failure.details["attempts"] == 3
    assert failure.why.index("Bad gateway") < failure.why.index("KeyError: thr_1")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("net::ERR_EMPTY_RESPONSE", "without a response"),
        ("net::ERR_INVALID_HTTP_RESPONSE", "is not HTTP"),
        ("net::ERR_RESPONSE_HEADERS_TOO_BIG", "too many headers"),
    ],
)
def test_a_connection_that_brings_no_answer_fails(error: str, words: str) -> None:
    (failure,) = failing(AUDIT, recorded(failed(100, error=error)))
    assert words in failure.title


def test_a_5xx_for_a_rewritten_request_is_the_pages_doing() -> None:
    sent = {"url": URL, "op": "", "body": {"message": "hi"}}
    assert_silent(AUDIT, recorded(exchange(100, body=b"", status=500, mime=None, custom=Handed(), sent=sent)))


def test_a_5xx_that_the_browser_hides_from_the_page_is_told_from_cors() -> None:
    hidden = failed(100, error="x", blocked="cors", cors="MissingAllowOriginHeader", hidden=500)
    (failure,) = failing(AUDIT, recorded(hidden))
    assert failure.details["status"] == 500
    assert "no CORS headers" in failure.why
    assert "again after" not in failure.why


def test_a_success_a_refusal_and_an_unreachable_host_are_silent() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good())))
    assert_silent(AUDIT, recorded(exchange(100, body=b"", status=422, mime="application/json")))
    assert_silent(AUDIT, recorded(failed(100, error="net::ERR_CONNECTION_REFUSED")))


def test_a_5xx_that_the_page_made_up_is_not_the_backends() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=b"", status=500, custom=Handed(), network=False)))


def test_where_nothing_was_asked_nobody_knows() -> None:
    assert ask(AUDIT, recorded()).status == "not-applicable"


def test_a_server_that_died_over_what_is_no_stream_fails() -> None:
    died = entry(100, "page", "session.server-died", url=URL, op="threads.list", probe="", error="")
    (failure,) = failing(AUDIT, recorded(died))
    assert (failure.warns_only, failure.details["op"]) == (False, "threads.list")
