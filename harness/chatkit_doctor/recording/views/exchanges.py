"""Exchanges: for every request of the component, what was asked, sent, answered, handed over and understood.

A pure view of a recording: ``recording.derive(exchanges)``. It works from whatever was observed: where the
component itself was out of sight, from the page's fetch calls; where those were too, from the wire alone.
"""

from __future__ import annotations

from collections.abc import Callable

from chatkit_doctor.protocol.payload import PayloadKind, read_payload
from chatkit_doctor.protocol.sse import ProblemKind, SseEvent, parse
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
    EVENT_STREAM,
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

__all__ = [
    "EVENT_STREAM",
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
    wire_events, framing = parse(body)
    whole = bare.how in {"finished", None} and not _is_truncated(bare)
    if not whole:
        framing = [problem for problem in framing if problem.kind is not ProblemKind.UNTERMINATED]
    received, lost = _received(recording, bare, partial, wire_events)
    # The component's parser makes an event without data of every comment, and nothing of such an event.
    received = tuple(event for event in received if event.payload.kind is not PayloadKind.EMPTY)
    text = "" if received or bare.mime not in {EVENT_STREAM, ""} else body[:4096].decode(errors="replace")
    return Exchange(
        bare.op,
        bare.url,
        bare.t,
        bare.turn,
        bare.asked,
        calls,
        attempts,
        received,
        lost if whole else None,
        tuple(framing),
        text,
    )


def _received(
    recording: Recording, exchange: Exchange, partial: PartialExchange, from_body: list[SseEvent]
) -> tuple[tuple[Received, ...], Received | None]:
    """The events as the component got them, and the one that only the wire saw."""
    end = exchange.last.end if exchange.last is not None else None
    n, t = (end.n, end.t) if end is not None else (0, exchange.t)
    cut_off = [e for e in from_body if not e.terminated]
    lost = _of_event(cut_off[0], n, t) if cut_off else None
    parsed = [entry for attempt in exchange.attempts for entry in attempt.parsed]
    if partial.posted:
        return tuple(_named(partial.posted, parsed)), lost
    observable = exchange.asked is not None and recording.has(SsePosted)
    readable = exchange.status is not None and 200 <= exchange.status < 300 and exchange.mime == EVENT_STREAM
    if observable or not readable:
        return (), lost
    if parsed and exchange.custom is None:
        whole = [entry for entry in parsed if entry.data.terminated]
        # The journal's own entries carry times; only the last one can be an event no client would dispatch.
        if lost is not None and whole and whole[-1].data.data == lost.data and len(whole) == len(from_body):
            whole = whole[:-1]
        return tuple(_of_parsed(entry) for entry in whole), lost
    return tuple(_of_event(event, n, t) for event in from_body if event.terminated), lost


def _named(posted: tuple[Entry[SsePosted], ...], parsed: list[Entry[SseParsed]]) -> list[Received]:
    """Posted events, with the name each had on the wire: the component posts only the data."""
    names = iter(parsed)
    received = []
    for entry in posted:
        data = entry.data.data
        twin = next((p for p in names if p.data.data == data), None)
        if twin is None:
            names = iter(())
        name = twin.data.event if twin is not None else ""
        received.append(Received(entry.n, entry.t, data, read_payload(data), name))
    return received


def _of_parsed(entry: Entry[SseParsed]) -> Received:
    event = entry.data
    return Received(entry.n, entry.t, event.data, read_payload(event.data), event.event, event.at)


def _of_event(event: SseEvent, n: int, t: float) -> Received:
    return Received(n, t, event.data, read_payload(event.data), event.event, event.at)


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
    return Attempt(raw.id, raw.sent, raw.response, raw.failed, preflight, tuple(raw.chunks), raw.end, parsed)


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
