"""Exchanges: for every request of the component, what was asked, sent, answered, handed over and understood.

A pure view of a recording: ``recording.derive(exchanges)``. It works from whatever was observed: where the
component itself was out of sight, from the page's fetch calls; where those were too, from the wire alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.protocol.payload import read_payload
from chatkit_doctor.protocol.sse import ProblemKind, parse
from chatkit_doctor.recording.entries import (
    Entry,
    FetchEnd,
    RequestPreflight,
    SseParsed,
    SsePosted,
    StepBegin,
    WireEnd,
)
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchange import (
    Attempt,
    Exchange,
    PageFetch,
    Received,
    header,
    media_type,
)
from chatkit_doctor.recording.views.exchange_matching import (
    PartialExchange,
    RawAttempt,
    RawCall,
    partial_exchanges,
)
from chatkit_doctor.recording.views.received_events import lost_tail, received_events

__all__ = [
    "Attempt",
    "Exchange",
    "PageFetch",
    "Received",
    "exchanges",
    "header",
    "media_type",
    "streams",
]


def exchanges(recording: Recording) -> tuple[Exchange, ...]:
    """Every exchange of a recording, in order of time."""
    return recording.derive(_exchanges)


def streams(recording: Recording) -> tuple[Exchange, ...]:
    """The exchanges of streaming operations."""
    return tuple(exchange for exchange in exchanges(recording) if exchange.streaming)


def _exchanges(recording: Recording) -> tuple[Exchange, ...]:
    turn_at = _turns(recording)
    return tuple(_exchange(recording, partial, turn_at) for partial in partial_exchanges(recording))


def _exchange(
    recording: Recording, partial: PartialExchange, turn_at: Callable[[float], int | None]
) -> Exchange:
    attempts = tuple(_attempt(raw, recording) for raw in partial.attempts)
    calls = tuple(_call(raw) for raw in partial.calls)
    bare = Exchange(partial.op, partial.url, partial.t, turn_at(partial.t), partial.asked, calls, attempts)
    if not bare.streaming:
        return bare
    body = _handed_body(recording, bare)
    body_events, framing = parse(body)
    whole = bare.how in {"finished", None} and not _is_truncated(bare)
    if not whole:
        framing = [problem for problem in framing if problem.kind is not ProblemKind.UNTERMINATED]
    received = received_events(recording, bare, partial.posted, body_events)
    cut = _is_cut(recording, bare)
    text = "" if received or bare.mime not in {EVENT_STREAM, ""} else body[:4096].decode(errors="replace")
    return replace(
        bare,
        received=received,
        lost_tail=lost_tail(bare, body_events) if whole and not cut else None,
        framing=tuple(framing),
        body_text=text,
        cut=cut,
    )


def _is_cut(recording: Recording, exchange: Exchange) -> bool:
    """Whether its end came only after a limit had begun to drop events."""
    limits = [t for type_, t in recording.capped.items() if type_ in {SseParsed, SsePosted}]
    ends = [end.t for end in (exchange.last.end if exchange.last else None,) if end is not None]
    return any(t <= max(ends, default=math.inf) for t in limits)


def _handed_body(recording: Recording, exchange: Exchange) -> bytes:
    if exchange.custom is not None and exchange.custom.end is not None:
        return exchange.custom.body(recording)
    return exchange.last.body(recording) if exchange.last is not None else b""


def _is_truncated(exchange: Exchange) -> bool:
    ends: list[Entry[FetchEnd | WireEnd] | None] = []
    ends += [exchange.custom.end] if exchange.custom is not None else []
    ends += [exchange.last.end] if exchange.last is not None else []
    return any(end is not None and end.data.body.truncated for end in ends)


def _attempt(raw: RawAttempt, recording: Recording) -> Attempt:
    start = raw.first
    url = raw.asked.url
    preflight = next(
        (p for p in reversed(recording.of(RequestPreflight)) if p.data.url == url and p.t <= start.t + 50),
        None,
    )
    parsed = tuple(entry for entry in recording.of(SseParsed) if entry.data.id == raw.id)
    return Attempt(
        raw.id,
        raw.sent,
        raw.response,
        raw.failed,
        preflight,
        tuple(raw.chunks),
        raw.end,
        parsed,
        tuple(read_payload(entry.data.data) for entry in parsed),
    )


def _call(raw: RawCall) -> PageFetch:
    return PageFetch(raw.id, raw.call, raw.returned, raw.threw, raw.unwatched, tuple(raw.chunks), raw.end)


def _turns(recording: Recording) -> Callable[[float], int | None]:
    """The turn at a time: a step that sends begins one, opening and reloading end it."""
    marks: list[tuple[float, int | None]] = []
    for entry in recording.of(StepBegin):
        if entry.data.do == "send":
            marks.append((entry.t, len(marks) + 1 if entry.data.turn is None else entry.data.turn))
        elif entry.data.do in {"open", "reload"}:
            marks.append((entry.t, None))

    def turn_at(t: float) -> int | None:
        return next((turn for begin, turn in reversed(marks) if begin <= t), None)

    return turn_at
