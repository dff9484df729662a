"""Whether replies could be read while they were produced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotTestable, seen
from chatkit_doctor.audits.dom.replies import shown_replies
from chatkit_doctor.audits.dom.text_arrival import (
    LEAST_PIECES,
    arrivals,
    frame_was_busy,
    is_spread,
    is_too_fast,
    is_too_short,
    ready_ms,
    stalled,
    text_deltas,
)
from chatkit_doctor.audits.dom.visible_turns import ended_turns
from chatkit_doctor.recording.entries import DomState, StepBegin, WireChunk
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, streams
from chatkit_doctor.recording.views.messages import Message
from chatkit_doctor.recording.views.timeline import Step

BURST_MS: Final = 100.0
"""A body whose bytes all arrive within this time came at once."""
HELD_BACK_MS: Final = 1_500.0
"""How long a body must have been waited for, its first event included, to have been held back. A ChatKit
server sends ``thread.created`` or the user's message at once, before the model has said a word."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per turn whose text came in pieces over time and was shown only after the last of them."""
    turns = ended_turns(recording)
    if not any(exchange.last is not None and exchange.last.parsed for exchange in streams(recording)):
        raise NotTestable("no event on the wire could be parsed, so the arrival time of the text is unknown")
    for turn in turns:
        replies = [reply.message for reply in shown_replies(recording, turn)]
        for exchange in streams(recording) if replies else ():
            if exchange.turn == turn.turn and exchange.last is not None:
                first = min(replies, key=lambda message: message.readable_ms)
                failure = _late(recording, turn, exchange, first) or _held_back(turn, exchange.last)
                if failure is not None:
                    yield failure


def _late(recording: Recording, turn: Step, exchange: Exchange, reply: Message) -> Failure | None:
    """Text that came over time, of which nothing was shown before the last piece."""
    wire = text_deltas(exchange.last) if exchange.last is not None else []
    if exchange.last is None or not wire or reply.readable_ms < wire[-1].t:
        return None
    since_ms = ready_ms(recording, turn, reply, wire[-1].t)
    arrived = arrivals(exchange.last)
    times = [t for t in arrived if t >= since_ms]
    without_paint = stalled(recording, times[0], reply.readable_ms) if times else 0.0
    if not is_spread(times, without_paint) or frame_was_busy(exchange, since_ms, reply.readable_ms):
        return None
    if is_too_short(exchange) or is_too_fast(recording, exchange, since_ms):
        return None
    span = arrived[-1] - arrived[0]
    word = next(wording for wording in reply.wordings if wording.t == reply.readable_ms)
    evidence = (
        seen(wire[0], f"the first of {len(wire)} pieces of text arrives"),
        seen(wire[-1], f"the last piece arrives, {span:.0f} ms later"),
        Evidence(word.n, word.t, "the first word is shown only now"),
    )
    details = {"pieces": len(wire), "span_ms": round(span, 1)}
    return Failure(evidence, turn=turn.turn, t_ms=reply.readable_ms, details=details)


def _held_back(turn: Step, attempt: Attempt) -> Failure | None:
    """Text sent in pieces that arrived at once, together with the very first event, after a long wait."""
    pieces = text_deltas(attempt)
    filled = [chunk for chunk in attempt.chunks if chunk.data.size > 0]
    if attempt.sent is None or len(pieces) < LEAST_PIECES or not filled:
        return None
    waited = attempt.came_ms(filled[0].t) - attempt.sent.t
    if waited < HELD_BACK_MS or filled[-1].t - filled[0].t > BURST_MS:
        return None
    evidence = (
        seen(attempt.sent, "the request is sent"),
        seen(filled[0], f"all {len(pieces)} pieces of text arrive at once, {waited:.0f} ms later"),
    )
    return Failure(evidence, turn=turn.turn, t_ms=filled[0].t, details={"pieces": len(pieces)})


AUDIT = Audit(
    id="reply-not-live",
    passes="Replies appeared while they were being produced.",
    why="The user waits for the whole reply and then gets it all at once.",
    fix="Forward every chunk as it arrives, in the server, in proxies and in the page's fetch, and add the "
    "assistant item and its content part before the first text delta.",
    judge=judge,
    needs=(DomState, StepBegin, WireChunk),
)
