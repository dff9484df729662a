"""Page fetches that wait for the end."""

from __future__ import annotations

from chatkit_doctor.audits.fetch.fetch_buffered_stream import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, recorded

OVER_TIME = (50.0, 250.0, 450.0, 650.0)


def test_one_piece_after_the_end_fails() -> None:
    recording = recorded(exchange(0, body=good(), at=OVER_TIME, custom=Handed(at=(655.0,))))
    (failure,) = failing(AUDIT, recording)
    assert (failure.details["wire_chunks"], failure.details["handed_chunks"]) == (4, 1)


def test_pieces_as_they_come_pass() -> None:
    assert_silent(AUDIT, recorded(exchange(0, body=good(), at=OVER_TIME, custom=Handed())))


def test_a_stream_that_was_quick_anyway_passes() -> None:
    quick = exchange(0, body=good(), at=(10.0, 20.0, 40.0), custom=Handed(at=(45.0,)))
    assert_silent(AUDIT, recorded(quick))
