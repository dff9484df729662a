"""Streams that are held back on the way."""

from __future__ import annotations

from chatkit_doctor.audits.wire.stream_buffered import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.chatkit_events import created, done, good, reply, user
from tests.conversations import exchange, recorded


def test_a_long_wait_and_then_everything_at_once_fails() -> None:
    recording = recorded(exchange(0, body=good(), at=(2000, 2010, 2020), headers={"content-length": "900"}))
    (failure,) = failing(AUDIT, recording)
    assert "content-length" in failure.why
    assert failure.confidence == "likely"


def test_pieces_over_time_pass() -> None:
    assert_silent(AUDIT, recorded(exchange(0, body=good(), at=(2000, 2300, 2600))))


def test_a_quick_answer_passes() -> None:
    assert_silent(AUDIT, recorded(exchange(0, body=good(), at=(50, 60))))


def test_a_reply_that_was_never_in_pieces_passes() -> None:
    whole = [created(), done(user()), done(reply())]
    assert_silent(AUDIT, recorded(exchange(0, body=whole, at=(2000,))))


def test_without_chunks_nobody_knows() -> None:
    assert ask(AUDIT, recorded()).status == "not-testable"
