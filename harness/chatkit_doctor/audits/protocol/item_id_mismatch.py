"""Whether updates name items that are there."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, absent
from chatkit_doctor.audits.protocol.item_ends import ended_ids
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import counted, quoted
from chatkit_doctor.protocol.events import SHOWN_REPLY_ITEMS, is_bare_item, item_id, member, named_id, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """At most two failures per stream: updates of unknown items, and an item that changed its id."""
    known: set[object] = set()
    is_blind = False
    for stream in chatkit_streams(recording):
        if stream.new_thread:
            known.clear()
            is_blind = False
        # Which item it began, or ended, is not known.
        is_blind = is_blind or stream.is_shortened
        stray = []
        for event in stream.events:
            if event.type in {"thread.item.added", "thread.item.done"} and event.item is not None:
                known.add(item_id(event.item))
            elif _names_unknown(event, known):
                stray.append(event)
        if stray and not is_blind:
            yield _stray(stream, stray)
        if not stream.is_shortened and (renamed := _renamed(stream)):
            yield _changed(stream, *renamed)


def _names_unknown(event: Event, known: set[object]) -> bool:
    if event.type == "thread.item.updated":
        # Without an id at all the event has the wrong shape: another cause.
        return "item_id" in event.value and named_id(event.value) not in known
    return (
        event.type == "thread.item.replaced" and event.item is not None and item_id(event.item) not in known
    )


def _renamed(stream: Stream) -> tuple[Event, Event] | None:
    """An item of the assistant that was added under one id and finished under another."""
    of_assistant = [e for e in stream.events if e.item is not None and type_of(e.item) in SHOWN_REPLY_ITEMS]
    added = {item_id(e.item): e for e in of_assistant if e.type == "thread.item.added"}
    done = {item_id(e.item): e for e in of_assistant if e.type == "thread.item.done"}
    # One that an event of another name, or none, speaks of to the end kept its id.
    ended = ended_ids(stream) | {item_id(_without_event(event)) for event in stream.sent if not event.known}
    for key, begun in added.items():
        if key not in ended:
            later = (e for k, e in done.items() if k not in added and e.number > begun.number)
            end = next((e for e in later if type_of(e.item or {}) == type_of(begun.item or {})), None)
            if end is not None:
                return begun, end
    return None


def _without_event(event: Event) -> JsonObject:
    """The item of an event that ChatKit does not know, or that is none."""
    return event.value if is_bare_item(event.value) else member(event.value, "item")


def _stray(stream: Stream, stray: list[Event]) -> Failure:
    first = stray[0]
    is_update = first.type == "thread.item.updated"
    name = quoted(str(named_id(first.value) if is_update else item_id(first.item)))
    ids = sorted({str(item_id(e.item)) for e in stream.events if e.item is not None})
    near = f" Items of this stream have the ids {', '.join(ids[:6])}." if ids else " No item was sent at all."
    return Failure(
        (
            first.seen(f"event {first.number} is {first.type} for {name}, which no item has"),
            absent(first.received.t, f"no earlier event added an item {name}"),
        ),
        turn=stream.turn,
        t_ms=first.received.t,
        why=f"{counted(len(stray), 'event')} ({first.type}) refer to {name}, but no item had that id by "
        f"then. ChatKit silently ignores them.{near}",
        details={"named": str(named_id(first.value)), "items": ids[:20], "count": len(stray)},
    )


def _changed(stream: Stream, added: Event, done: Event) -> Failure:
    before, after = quoted(str(item_id(added.item))), quoted(str(item_id(done.item)))
    return Failure(
        (
            added.seen(f"event {added.number} adds the reply as {before}"),
            done.seen(f"event {done.number} finishes it as {after}"),
        ),
        turn=stream.turn,
        t_ms=done.received.t,
        title="The reply is added under one id and finished under another",
        why=f"The reply was added as {before} and finished as {after}. ChatKit treats these as two items: "
        "it shows the reply twice, and the first one is never finished.",
        details={"named": str(item_id(added.item)), "items": [str(item_id(done.item))], "count": 1},
    )


AUDIT = Audit(
    id="item-id-mismatch",
    passes="Every update names an existing item.",
    why="ChatKit silently ignores updates for items it does not know.",
    fix="Send thread.item.added first, and use exactly its id in every thread.item.updated (item_id) and in "
    'thread.item.done. If you map ids, map all three; 5 and "5" are different ids.',
    judge=judge,
    explains=frozenset(
        {
            "reply-missing",
            "reply-truncated",
            "reply-altered",
            "reply-duplicated",
            "reply-not-live",
            "history-altered",
        }
    ),
)
