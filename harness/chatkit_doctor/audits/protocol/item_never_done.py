"""Whether every item that was begun is finished."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, absent
from chatkit_doctor.audits.persistence.stored_threads import read_backs, thread_of
from chatkit_doctor.audits.protocol.item_ends import ended_ids
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.protocol.events import SHOWN_REPLY_ITEMS, item_id, type_of
from chatkit_doctor.recording.reader import Recording

_FINISHED_OTHERWISE = frozenset({"workflow", "user_message"})
"""A workflow left open is a cause of its own; a user's message that was only added stays (measured)."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each assistant item that was added and neither finished nor removed."""
    ended = [s for s in chatkit_streams(recording) if s.complete]
    if not ended:
        raise NotApplicable("no stream ended")
    for stream in ended:
        for event in _left_open(stream):
            yield _failure(stream, event, _lacking(recording, stream, event))


def _left_open(stream: Stream) -> Iterator[Event]:
    """The events that add an item for which no end came, under its own id and as an event of its own."""
    ended = ended_ids(stream)
    for event in stream.events:
        is_of_assistant = type_of(event.item or {}) in SHOWN_REPLY_ITEMS - _FINISHED_OTHERWISE
        if event.type == "thread.item.added" and is_of_assistant and item_id(event.item) not in ended:
            yield event


def _lacking(recording: Recording, stream: Stream, added: Event) -> Evidence | None:
    """Where the thread was read later, and the item was not in it; None where it was, or nobody read."""
    try:
        readings = read_backs(recording)
    except NotApplicable:
        return None
    own = thread_of(stream)
    for reading in readings:
        if reading.thread_id == own and reading.exchange.t > added.received.t and reading.whole:
            return None if item_id(added.item) in reading.ids else reading.seen("it is not in the thread")
    return None


def _failure(stream: Stream, added: Event, lacking: Evidence | None) -> Failure:
    item = added.item or {}
    name = f"the {type_of(item)} {quoted(str(item.get('id')))}"
    stored = " Servers store items when they are done: when the thread was read again, the item was missing."
    return Failure(
        (
            added.seen(f"event {added.number} adds {name}"),
            absent(stream.end_t, "the stream ended without thread.item.done for it"),
            *([lacking] if lacking is not None else []),
        ),
        turn=stream.turn,
        t_ms=stream.end_t,
        why=f"{name[0].upper()}{name[1:]} was added but never finished. In ChatKit the text on screen lags "
        "behind the stream; without thread.item.done the end of it may never appear."
        + (stored if lacking is not None else ""),
        details={"item": str(item.get("id")), "type": type_of(item)},
    )


AUDIT = Audit(
    id="item-never-done",
    passes="Every item that was added is finished.",
    why="In ChatKit the text on screen lags behind the stream; without thread.item.done the end of it may "
    "never appear.",
    fix="End every item with a thread.item.done that carries the whole item, with the id it was added with.",
    judge=judge,
    explains=frozenset({"reply-missing", "reply-truncated", "history-lost", "history-altered"}),
)
