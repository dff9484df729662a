"""Headers that contradict the body."""

from __future__ import annotations

import gzip

import pytest

from chatkit_doctor.audits.failure_modes import HISTORY
from chatkit_doctor.audits.wire.content_encoding_mismatch import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import STREAM, exchange, recorded, written

UNDECODABLE = "net::ERR_CONTENT_DECODING_FAILED"


def test_a_body_that_could_not_be_decoded_fails() -> None:
    cut = exchange(100, body=[], how="cut", error=UNDECODABLE, headers={"content-encoding": "gzip"})
    (failure,) = failing(AUDIT, recorded(cut))
    assert failure.details["content_encoding"] == "gzip"
    assert failure.explains is None


def test_a_thread_that_could_not_be_decoded_loses_the_history_and_nothing_else() -> None:
    cut = exchange(100, "threads.get_by_id", b"", how="cut", error=UNDECODABLE)
    (failure,) = failing(AUDIT, recorded(cut))
    assert failure.explains is HISTORY


def test_a_compressed_body_without_the_header_fails() -> None:
    packed = exchange(100, body=gzip.compress(written(good())), mime=STREAM)
    (failure,) = failing(AUDIT, recorded(packed))
    assert "gzip" in failure.why


@pytest.mark.parametrize("error", ["net::ERR_INCOMPLETE_CHUNKED_ENCODING", "net::ERR_CONNECTION_RESET"])
def test_a_body_that_breaks_off_otherwise_is_another_cause(error: str) -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good()[:3], how="cut", error=error)))


def test_a_body_that_was_decoded_passes() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good(), headers={"content-encoding": "gzip"})))
