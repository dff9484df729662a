"""Connections that break."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.wire.stream_cut import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import exchange, recorded


def test_a_body_that_breaks_off_fails_with_what_came() -> None:
    error = "net::ERR_INCOMPLETE_CHUNKED_ENCODING"
    (failure,) = failing(AUDIT, recorded(exchange(100, body=good()[:3], how="cut", error=error)))
    assert (failure.details["events"], failure.details["error"]) == (3, error)


@pytest.mark.parametrize("how", ["finished", "aborted", "open"])
def test_other_endings_are_no_cut(how: str) -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good(), how=how)))


def test_a_body_that_could_not_be_decoded_is_another_cause() -> None:
    error = "net::ERR_CONTENT_DECODING_FAILED"
    assert_silent(AUDIT, recorded(exchange(100, body=[], how="cut", error=error)))


def test_a_refusal_that_breaks_off_is_another_cause() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good()[:3], status=500, how="cut")))
