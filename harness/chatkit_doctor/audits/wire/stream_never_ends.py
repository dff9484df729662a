"""Whether the connection is closed after the last event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, absent, seen
from chatkit_doctor.audits.responses import StreamResponse, answer_of
from chatkit_doctor.audits.wording import counted
from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.recording.entries import Entry, RequestSent, SessionEnded, StepEnd
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.departures import departures
from chatkit_doctor.recording.views.exchanges import Exchange, streams
from chatkit_doctor.vocabulary import Confidence

QUIET_MS: Final = 1_000.0
"""Silence after which a stream counts as having said what it had to say."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming answer that was still open when nobody waited any longer."""
    limits = {e.data.turn: e.t for e in recording.of(StepEnd) if e.data.outcome == "limit"}
    over = recording.last(SessionEnded, StepEnd)
    end_of_session = over.t if over is not None else 0.0
    left = departures(recording)
    asked = [exchange for exchange in streams(recording) if exchange.last is not None]
    if not asked:
        raise NotApplicable("no streaming operation reached the network")
    for exchange in asked:
        # With the page went whoever read the answer, and the browser tells nothing more of it.
        if exchange.turn in left and exchange.t <= left[exchange.turn].t:
            continue
        last, answer = exchange.last, answer_of(exchange)
        given_up = limits.get(exchange.turn)
        if answer is None:
            sent = last.sent if last is not None and last.failed is None else None
            # A request that is repeated may just have been sent again when the limit came.
            if given_up is not None and sent is not None and given_up - sent.t >= QUIET_MS:
                yield _never_answered(exchange, sent, given_up)
            continue
        # What did not reach the component as a stream is abandoned at its headers, and asked for again.
        if last is None or last.end is None or not answer.accepted or exchange.mime != EVENT_STREAM:
            continue
        if given_up is not None and given_up - answer.entry.t < _time_to_end(exchange):
            given_up = None
        # A session that ended for another reason cut short what may well have ended by itself.
        latest = last.chunks[-1].t if last.chunks else answer.entry.t
        waited_out = given_up is not None or end_of_session - latest >= QUIET_MS
        left_open = last.how == "open" and waited_out
        # Whoever reloads or leaves after the limit aborts what would have gone on for ever.
        aborted_late = last.how == "aborted" and given_up is not None and last.end.t >= given_up
        if left_open or aborted_late:
            yield _failure(answer, given_up or max(end_of_session, last.end.t))


def _time_to_end(exchange: Exchange) -> float:
    """How long before the limit an answer must have begun to count as one that never ends, in ms.

    What is requested again may begin just before the limit, or after it. Where an answer before it has ended,
    it is given as long as that one took, and a while.
    """
    took = [
        attempt.end.t - attempt.response.t
        for attempt in exchange.attempts[:-1]
        if attempt.how == "finished" and attempt.end is not None and attempt.response is not None
    ]
    return max(took) + QUIET_MS if took else 0.0


def _never_answered(exchange: Exchange, sent: Entry[RequestSent], until: float) -> Failure:
    waited = until - sent.t
    return Failure(
        (seen(sent, f"{exchange.op} is sent"), absent(until, f"{waited:.0f} ms later there is no response")),
        turn=exchange.turn,
        t_ms=sent.t,
        title="The backend never responded",
        why=f"{exchange.op} was sent but got no response within {waited:.0f} ms, not even headers. Until a "
        "response ends, ChatKit shows that it is responding, and the composer stays disabled.",
        details={"quiet_ms": round(waited), "events": 0},
    )


def _failure(answer: StreamResponse, until: float) -> Failure:
    last = answer.exchange.last
    chunks = [c for c in last.chunks if c.t <= until] if last is not None else []
    since = chunks[-1] if chunks else answer.entry
    quiet = max(0.0, until - since.t)
    events = counted(len(answer.exchange.received), "event")
    silent = quiet >= QUIET_MS
    evidence: tuple[Evidence, ...] = (
        seen(
            since, f"the last bytes arrive ({events} so far)" if chunks else "the headers arrive, and no body"
        ),
        absent(until, f"{quiet:.0f} ms later the connection is still open"),
    )
    what = (
        "and then nothing more, but it did not close the connection"
        if silent
        else "and was still sending when the time limit was reached"
    )
    return Failure(
        evidence,
        turn=answer.exchange.turn,
        t_ms=since.t,
        why=f"{answer.exchange.op} sent {events}, {what}. In ChatKit no event ends a turn; only the end of "
        "the body does. Until then it shows that it is responding, and the composer stays disabled.",
        confidence=Confidence.CERTAIN if silent else Confidence.LIKELY,
        details={"quiet_ms": round(quiet), "events": len(answer.exchange.received)},
    )


AUDIT = Audit(
    id="stream-never-ends",
    passes="Every connection is closed after its last event.",
    why="In ChatKit no event ends a turn; only the end of the body does. Until then it is responding.",
    fix="Return from the generator after the last event; end keep-alive loops and queue readers with the "
    "turn; give the model call a timeout.",
    judge=judge,
    explains=frozenset({"stuck-responding", "reply-missing", "reply-truncated", "user-message-missing"}),
)
