"""What the backend should have sent, turn by turn, where the cause is one that other events would fix."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chatkit_doctor.component.strictness import event_violations
from chatkit_doctor.component.transcript import transcript
from chatkit_doctor.protocol.correction import as_sse, corrected_from
from chatkit_doctor.protocol.correction.correct import SAMPLE_TIME
from chatkit_doctor.protocol.dialects import Frame, line_frames
from chatkit_doctor.protocol.events import SHOWN_REPLY_ITEMS, TEXT_DELTA, item_of, member, type_of
from chatkit_doctor.protocol.payload import JsonObject, PayloadKind
from chatkit_doctor.protocol.schema import check_event
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.recording.views.exchanges import Exchange, Received, streams
from chatkit_doctor.repairs.beside import Names, Place, Told, beside

CORRECTABLE: Final = frozenset(
    {
        "sse-bad-framing",
        "sse-bad-json",
        "sse-double-encoded",
        "sse-done-marker",
        "wrong-dialect",
        "unknown-event",
        "thread-created-missing",
        "thread-created-late",
        "user-item-missing",
        "item-not-wrapped",
        "item-never-done",
        "item-id-collision",
        "item-id-mismatch",
        "invalid-event",
        "empty-reply",
        "handler-error",
        "render-error",
    }
)
"""Causes that are gone when the same conversation is told in other events."""

_ACROSS_TURNS: Final = "item-id-collision"
"""The one of them that can are in a stream that is good when looked at alone."""
_MOST_TURNS: Final = 20
_MOST_EVENTS: Final = 20_000
_MOST_DELTAS: Final = 500
_ENDS_HERE: Final = ": What is known, or corrected here, ends at this place; the backend sent more.\n\n"
"""A comment, which every reader of such a stream skips."""


@dataclass(frozen=True, slots=True)
class CorrectedStream:
    """The stream the backend should have sent in answer to one request."""

    turn: int
    number: int
    """Which request of the turn it answers, from 1."""
    op: str
    """The operation of that request."""
    events: int
    text: str
    """The body to answer with: server-sent events."""
    stream: int = 0
    """Which of the recording's streams it takes the place of, from 1; 0: not known."""
    beside: tuple[Place, ...] = ()
    """For each event the place that it has in the stream that was received."""


def corrected_streams(recording: Recording, cause: str | None) -> list[CorrectedStream]:
    """The corrected streams of the turns that need it; none where events are not the cause, as it is called.

    At most 20 turns, of each what its first 20,000 events say, in some 500 deltas at most. A turn in whose
    answer nothing of a reply can be found has none: what the backend would have said is not known.
    """
    if cause not in CORRECTABLE:
        return []
    made: list[CorrectedStream] = []
    names = Names()
    for number, exchange in enumerate(streams(recording), start=1):
        if exchange.turn is None or len(made) >= _MOST_TURNS:
            continue
        told = _corrected(recording, exchange, number)
        events = [each.event for each in told]
        alone_good = cause != _ACROSS_TURNS and _is_good(exchange, events)
        if _has_reply(events) and not alone_good:
            earlier = sum(each.turn == exchange.turn for each in made)
            made.append(_stream(exchange, (number, exchange.turn, earlier + 1), told, names))
    return made


def _read(exchange: Exchange) -> list[Received]:
    """The events of a stream that are corrected, with the one that lacks its end."""
    tail = [exchange.lost_tail] if exchange.lost_tail is not None else []
    return [*exchange.received[:_MOST_EVENTS], *tail]


def _corrected(recording: Recording, exchange: Exchange, number: int) -> list[Told]:
    received = _read(exchange)
    placed = [(place, frame) for place, each in enumerate(received) for frame in _frames(each)]
    frames = [frame for _, frame in placed]
    if not frames and exchange.body_text and exchange.last is not None:
        body = exchange.last.body(recording) or exchange.body_text.encode()
        frames = line_frames(body.decode(errors="replace"))
    at = _started(recording)
    made = corrected_from(frames, op=exchange.op, request=exchange.body_asked, turn=number, at=at)
    return [_told(event, placed[frame] if placed and frame is not None else None) for event, frame in made]


def _told(event: JsonObject, source: tuple[int, Frame] | None) -> Told:
    if source is None:
        return Told(event, None)
    place, frame = source
    opens = type_of(event) == "thread.created" or type_of(member(event, "item")) == "user_message"
    return Told(event, range(place, place + 1), opens and not check_event(frame.object))


def _frames(received: Received) -> list[Frame]:
    """What one event was meant to carry: several, where a blank line is missing between them."""
    if received.payload.kind is PayloadKind.OBJECT or not received.payload.values:
        return [received.frame]
    return [Frame(received.name, json.dumps(value), value) for value in received.payload.values]


def _started(recording: Recording) -> datetime:
    try:
        return datetime.fromisoformat(recording.header.started_at)
    except ValueError:
        return SAMPLE_TIME


def _has_reply(events: Sequence[JsonObject]) -> bool:
    return any(
        (item := item_of(event)) is not None and type_of(item) in SHOWN_REPLY_ITEMS for event in events
    )


def _is_good(exchange: Exchange, events: Sequence[JsonObject]) -> bool:
    """Whether the stream already reads as the corrected one, and every event of it as it should.

    How the user's message is worded is the backend's own affair.
    """
    new_thread = exchange.op == "threads.create"
    sent, meant = (transcript([each], new_thread=new_thread) for each in (exchange.events, events))
    return (
        len(sent.texts("user")) == len(meant.texts("user"))
        and sent.texts("assistant") == meant.texts("assistant")
        and all(message.done for message in sent.items)
        and all(each.tolerated for event in exchange.events for each in event_violations(event))
    )


def _stream(
    exchange: Exchange, numbers: tuple[int, int, int], told: Sequence[Told], names: Names
) -> CorrectedStream:
    """``numbers``: of the stream, of its turn, and within that."""
    shorter = _in_fewer_deltas(told)
    stream, turn, number = numbers
    # A recording may be another program's: what is put together here may have been masked in no piece of it.
    text = Redactor().text(as_sse([each.event for each in shorter]).decode())
    if exchange.cut or len(exchange.received) > _MOST_EVENTS:
        text += _ENDS_HERE
    places = beside([event.payload.value for event in _read(exchange)], shorter, names)
    return CorrectedStream(turn, number, exchange.op, len(shorter), text, stream, places)


def _in_fewer_deltas(told: Sequence[Told]) -> list[Told]:
    """The same stream where neighbouring deltas are joined if there are too many to read."""
    most = max(1, math.ceil(sum(_is_delta(each.event) for each in told) / _MOST_DELTAS))
    joined: list[Told] = []
    size = 0
    for each in told:
        last = joined[-1] if joined else Told({}, None)
        size = size + 1 if _is_delta(each.event) and _joins(last.event, each.event) else 1
        if 1 < size <= most:
            joined[-1] = _joined(last, each)
        else:
            joined.append(each)
            size = 1
    return joined


def _joined(first: Told, second: Told) -> Told:
    """Two neighbouring deltas of one text as one."""
    before, after = first.event["update"], second.event["update"]
    event = {**first.event, "update": {**before, "delta": before["delta"] + after["delta"]}}
    # Only where no event was received, as of a body that is none, is nothing known of either.
    says = None if first.says is None or second.says is None else range(first.says.start, second.says.stop)
    return Told(event, says)


def _is_delta(event: JsonObject) -> bool:
    return type_of(member(event, "update")) == TEXT_DELTA


def _joins(last: JsonObject, event: JsonObject) -> bool:
    part = (last.get("item_id"), member(last, "update").get("content_index"))
    return _is_delta(last) and part == (event["item_id"], event["update"]["content_index"])
