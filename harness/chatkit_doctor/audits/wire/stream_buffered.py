"""Whether the wire brings the stream while it is produced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.responses import StreamResponse, answers
from chatkit_doctor.protocol.events import TEXT_DELTA, member, type_of
from chatkit_doctor.recording.entries import WireChunk
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import Confidence

BURST_MS: Final = 100.0
"""A body whose bytes all arrive within this time came at once."""
HELD_BACK_MS: Final = 1_500.0
"""How long the first byte must have been waited for: a ChatKit server sends ``thread.created`` or the
user's message at once, before the model has said a word."""
LEAST_PIECES: Final = 3
"""Pieces of text that were meant to be read one after the other."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream that was held back and then came at once."""
    for answer in answers(recording):
        last = answer.exchange.last
        filled = [chunk for chunk in last.chunks if chunk.data.size > 0] if last is not None else []
        if last is None or last.sent is None or not filled or not answer.is_stream:
            continue
        waited, spread = last.came_ms(filled[0].t) - last.sent.t, filled[-1].t - filled[0].t
        pieces = sum(type_of(member(e, "update")) == TEXT_DELTA for e in answer.exchange.events)
        if pieces >= LEAST_PIECES and waited >= HELD_BACK_MS and spread <= BURST_MS:
            first = seen(
                filled[0], f"the first byte comes after {waited:.0f} ms, the last {spread:.0f} ms later"
            )
            yield Failure(
                (seen(last.sent, "the request is sent"), first),
                turn=answer.exchange.turn,
                t_ms=filled[0].t,
                why=f"{pieces} pieces of text came within {spread:.0f} ms, after {waited:.0f} ms of silence: "
                f"something on the way buffered the stream until it was complete.{_sign(answer)}",
                confidence=Confidence.LIKELY,
                details={"waited_ms": round(waited), "spread_ms": round(spread), "pieces": pieces},
            )


def _sign(answer: StreamResponse) -> str:
    """A header that says that the body was collected first."""
    for name in ("content-length", "content-encoding", "via", "x-cache", "cf-ray"):
        if value := answer.header(name):
            return f" The response has the header {name}: {value}."
    return ""


AUDIT = Audit(
    id="stream-buffered",
    passes="The stream arrives while it is produced.",
    why="The whole body arrived at once although it took time to produce: the user waits for all of it.",
    fix="Switch off buffering for this route: nginx `proxy_buffering off` or the header X-Accel-Buffering: "
    "no; Cache-Control: no-cache, no-transform; no compression of event streams; in Next.js use a route "
    "handler that passes response.body on instead of rewrites. In the backend yield events as they are "
    "produced.",
    judge=judge,
    needs=(WireChunk,),
    explains=frozenset({"reply-not-live"}),
)
