"""Streams that are held back on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatkit_doctor.audits.wire.stream_buffered import AUDIT
from chatkit_doctor.recording.entries import WireEnd, WireResponse
from tests.audits.asking import ask, assert_silent, failing
from tests.chatkit_events import created, done, good, reply, streamed, user
from tests.conversations import exchange, recorded
from tests.recordings import Made, entry


def test_a_long_wait_and_then_everything_at_once_fails() -> None:
    recording = recorded(exchange(0, body=good(), at=(1600, 1650, 1690), headers={"content-length": "900"}))
    (failure,) = failing(AUDIT, recording)
    assert "content-length" in failure.why
    assert failure.confidence == "likely"


@pytest.mark.parametrize(
    ("at", "fails"), [((1_500, 1_600), True), ((1_499, 1_599), False), ((1_500, 1_601), False)]
)
def test_what_is_long_and_what_is_at_once(at: tuple[float, float], fails: bool) -> None:
    finding = ask(AUDIT, recorded(exchange(0, body=good(), at=at)))
    assert finding.status == ("failed" if fails else "passed")


def test_a_piece_without_a_byte_is_no_sign_of_life() -> None:
    nothing = entry(20, "wire", "wire.chunk", id="threads.create-0.0", size=0, at=0)
    made = exchange(0, body=good(), at=(2000, 2010))
    sent = next(
        at for at, part in enumerate(made) if isinstance(part, Made) and isinstance(part.data, WireResponse)
    )
    assert failing(AUDIT, recorded(*made[: sent + 1], nothing, *made[sent + 1 :]))


def test_what_a_busy_page_is_told_of_late_was_not_held_back() -> None:
    made = exchange(0, body=good(), at=(2000, 2010))
    early = [
        replace(part, t=600.0) if isinstance(part, Made) and isinstance(part.data, WireEnd) else part
        for part in made
    ]
    assert failing(AUDIT, recorded(*made))
    assert_silent(AUDIT, recorded(*early))


def test_pieces_over_time_pass() -> None:
    assert_silent(AUDIT, recorded(exchange(0, body=good(), at=(2000, 2060, 2120))))


@pytest.mark.parametrize("wait_ms", [50.0, 1_400.0])
def test_a_wait_that_a_backend_may_need_passes(wait_ms: float) -> None:
    assert_silent(AUDIT, recorded(exchange(0, body=good(), at=(wait_ms, wait_ms + 10))))


def test_two_pieces_of_text_may_have_been_sent_as_one() -> None:
    body = [created(), done(user()), *streamed(pieces=2)]
    assert_silent(AUDIT, recorded(exchange(0, body=body, at=(2000, 2010))))


def test_a_reply_that_was_never_in_pieces_passes() -> None:
    whole = [created(), done(user()), done(reply())]
    assert_silent(AUDIT, recorded(exchange(0, body=whole, at=(2000,))))


def test_without_chunks_nobody_knows() -> None:
    assert ask(AUDIT, recorded()).status == "not-testable"
