"""The model's clock."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from chatkit_doctor.conversation.conversation import Chunk
from chatkit_doctor.simulator.clock import PAUSE_MS, STREAM_MS, Clock, in_order, paced
from tests.chatkit_events import good
from tests.conversation.made import answered, first, later, sse


def test_steps_keep_a_pause_and_calls_their_distance() -> None:
    clock = Clock()
    call = first(good())
    begun = clock.next_step(call)
    assert clock.at(call.ended_ms) - begun == call.ended_ms - call.t_ms
    ended = clock.now
    assert clock.next_step(later(good(turn=2), t=call.ended_ms)) == ended + PAUSE_MS


def test_a_long_pause_stays_as_it_was() -> None:
    clock = Clock()
    call = first(good())
    begun = clock.next_step(call)
    clock.at(call.ended_ms)
    assert clock.next_step(later(good(turn=2), t=10_000)) == begun + 10_000


def test_measured_times_never_run_backwards() -> None:
    pieces = (Chunk(50, b"a"), Chunk(40, b"b"), Chunk(70, b"c"))
    (call,) = in_order([replace(first(b""), t_ms=10, answered_ms=5, chunks=pieces, ended_ms=60)])
    assert (call.answered_ms, call.ended_ms) == (10, 70)
    assert call.chunks == (Chunk(50, b"a"), Chunk(50, b"b"), Chunk(70, b"c"))


def test_a_body_in_one_piece_is_paced_event_by_event() -> None:
    pieces = sse(good())
    body = b"".join(pieces)
    (call,) = paced([replace(first(good()), chunks=(Chunk(0, body),))])
    (short,) = paced([first(pieces[0])])
    assert short.chunks[-1].t_ms <= short.ended_ms
    assert [chunk.data for chunk in call.chunks] == pieces
    times = [chunk.t_ms for chunk in call.chunks]
    assert times == sorted(times)
    assert times[-1] - call.answered_ms <= STREAM_MS
    assert times[-1] <= call.ended_ms


def test_calls_without_times_follow_each_other() -> None:
    calls = list(paced([answered("threads.list", {}, {"data": []}, t=0), first(b""), later(b"not a stream")]))
    assert all(one.ended_ms <= two.t_ms for one, two in pairwise(calls))
    assert [call.body for call in calls] == [b'{"data": []}', b"", b"not a stream"]
