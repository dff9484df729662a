"""The events of a stream as the component got them, from the nearest place where they were seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.protocol.payload import Payload, PayloadKind, read_payload
from chatkit_doctor.protocol.sse import SseEvent
from chatkit_doctor.recording.cleaning import cut
from chatkit_doctor.recording.entries import Entry, SseParsed, SsePosted
from chatkit_doctor.recording.journal import MAX_STRING
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchange import Exchange, Received

_Parsed = tuple[Entry[SseParsed], Payload]
"""An event on the wire, and what it holds."""


def received_events(
    recording: Recording,
    exchange: Exchange,
    posted: tuple[Entry[SsePosted], ...],
    from_body: list[SseEvent],
) -> tuple[Received, ...]:
    """All events that carry data, in order: as the component posted them, or as it must have read them.

    ``from_body`` are the events of the body that was handed to the component.
    """
    parsed = [
        twin for attempt in exchange.attempts for twin in zip(attempt.parsed, attempt.payloads, strict=True)
    ]
    whole = _shortened(from_body)
    if posted:
        found = _posted(posted, parsed, whole)
    elif _is_observed(recording, exchange) or not _is_read(exchange):
        found = iter(())
    elif parsed and exchange.custom is None:
        # The body itself has no times; the journal's own entries have.
        found = (_of_parsed(*each, whole) for each in parsed if each[0].data.terminated)
    else:
        found = (_of_body(event, exchange) for event in from_body if event.terminated)
    # The component's parser makes an event without data of every comment, and nothing of such an event.
    return tuple(event for event in found if event.payload.kind is not PayloadKind.EMPTY)


def lost_tail(exchange: Exchange, from_body: Iterable[SseEvent]) -> Received | None:
    """The event at the end of a body whose blank line never came: no client dispatches it."""
    cut_off = next((event for event in from_body if not event.terminated), None)
    return _of_body(cut_off, exchange) if cut_off is not None else None


def _is_observed(recording: Recording, exchange: Exchange) -> bool:
    """Whether the component would have been heard if it had got anything."""
    return exchange.asked is not None and recording.has(SsePosted)


def _is_read(exchange: Exchange) -> bool:
    """Whether the component reads such an answer as a stream at all."""
    is_success = exchange.status is not None and 200 <= exchange.status < 300
    return is_success and exchange.mime == EVENT_STREAM


def _shortened(from_body: Iterable[SseEvent]) -> Mapping[str, str]:
    """The data of very long events as an entry keeps it, cut, with the whole of it: the body has it."""
    return {cut(event.data, MAX_STRING): event.data for event in from_body if len(event.data) > MAX_STRING}


def _posted(
    posted: tuple[Entry[SsePosted], ...], parsed: Iterable[_Parsed], whole: Mapping[str, str]
) -> Iterator[Received]:
    """Posted events, with the name each had on the wire: the component posts only the data."""
    on_wire = iter(parsed)
    for entry in posted:
        data = entry.data.data
        twin = next((each for each in on_wire if each[0].data.data == data), None)
        name, known = (twin[0].data.event, twin[1]) if twin else ("", None)
        yield Received(entry.n, entry.t, *_whole(data, known, whole), name)


def _of_parsed(entry: Entry[SseParsed], payload: Payload, whole: Mapping[str, str]) -> Received:
    event = entry.data
    return Received(entry.n, entry.t, *_whole(event.data, payload, whole), event.event, event.at)


def _whole(data: str, known: Payload | None, whole: Mapping[str, str]) -> tuple[str, Payload]:
    """An event's data as it was before an entry cut it, and what it holds; that is read only once."""
    if data in whole:
        return whole[data], read_payload(whole[data])
    return data, read_payload(data) if known is None else known


def _of_body(event: SseEvent, exchange: Exchange) -> Received:
    """An event of a body, with the entry that tells of the body's end."""
    end = exchange.last.end if exchange.last is not None else None
    n, t = (end.n, end.t) if end is not None else (0, exchange.t)
    return Received(n, t, event.data, read_payload(event.data), event.event, event.at)
