"""Whether items travel inside events."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import counted, listed
from chatkit_doctor.protocol.events import UPDATE_TYPES, is_bare_item
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream with items, or updates of items, that are events of their own."""
    for stream in chatkit_streams(recording):
        bare = [e for e in stream.events if is_bare_item(e.value) or e.type in UPDATE_TYPES]
        if bare:
            yield _failure(stream, bare)


def _failure(stream: Stream, bare: list[Event]) -> Failure:
    first = bare[0]
    names = listed(dict.fromkeys(event.type for event in bare))
    is_update = first.type in UPDATE_TYPES
    around = (
        '{"type": "thread.item.updated", "item_id": "…", "update": <the update>}'
        if is_update
        else '{"type": "thread.item.done", "item": <the item>}'
    )
    return Failure(
        (first.seen(f"event {first.number} is a bare {first.type}"),),
        turn=stream.turn,
        t_ms=first.received.t,
        why=f"{counted(len(bare), 'item')} ({names}) arrived without an event around it. To ChatKit a bare "
        "item is an event of unknown type, which it silently ignores.",
        fix=f"Send {around}. In respond(), yield ThreadItemDoneEvent(item=item), not the item.",
        details={"types": sorted({event.type for event in bare}), "count": len(bare)},
    )


AUDIT = Audit(
    id="item-not-wrapped",
    passes="Every item is wrapped in an event.",
    why="To ChatKit an item without an event around it is an event of unknown type, which it silently "
    "ignores.",
    fix="Wrap the item in thread.item.done; in respond(): yield ThreadItemDoneEvent(item=item), not the "
    "item.",
    judge=judge,
    explains=EVENTS_LOST,
)
