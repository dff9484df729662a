"""Whether every item that was begun is finished."""

from __future__ import annotations

from collections.abc import Iterator

from harness.audits.audit import Audit, Failure, NotApplicable, absent
from harness.audits.streams import Event, Stream, chatkit_streams
from harness.audits.wording import quoted
from harness.gather.recording import Recording
from harness.protocol.events import SHOWN_REPLY_ITEMS, item_id, named_id, type_of

_FINISHED_OTHERWISE = frozenset({"workflow", "user_message"})
"""A workflow left open is a cause of its own; a user's message that was only added stays (measured)."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each assistant item that was added and neither finished nor removed."""
    ended = [s for s in chatkit_streams(recording) if s.complete and not s.failed]
    if not ended:
        raise NotApplicable("no stream came to its end")
    for stream in ended:
        for event in stream.events:
            if event.type == "thread.item.added" and _is_left_open(stream, event):
                yield _failure(stream, event)


def _is_left_open(stream: Stream, added: Event) -> bool:
    item = added.item or {}
    kind = type_of(item)
    if kind not in SHOWN_REPLY_ITEMS - _FINISHED_OTHERWISE:
        return False
    return not any(_finishes(event, added) for event in stream.sent)


def _finishes(event: Event, added: Event) -> bool:
    """Also under another id, if nothing was added under that: then the ids are the problem."""
    if event.type == "thread.item.removed":
        return named_id(event.value) == item_id(added.item)
    if event.type not in {"thread.item.done", "thread.item.replaced"} or event.item is None:
        return False
    return item_id(event.item) == item_id(added.item) or (
        event.number > added.number and type_of(event.item) == type_of(added.item or {})
    )


def _failure(stream: Stream, added: Event) -> Failure:
    item = added.item or {}
    name = f"the {type_of(item)} {quoted(str(item.get('id')))}"
    return Failure(
        (
            added.seen(f"event {added.number} adds {name}"),
            absent(stream.end_t, "the stream ended without thread.item.done for it"),
        ),
        turn=stream.turn,
        t_ms=stream.end_t,
        why=f"{name[0].upper()}{name[1:]} was added and never finished. ChatKit lets shown text trail behind "
        "the stream; without thread.item.done the tail can stay hidden for good. Servers store items when "
        "they are done: after a reload this one may be missing.",
        details={"item": str(item.get("id")), "type": type_of(item)},
    )


AUDIT = Audit(
    id="item-never-done",
    passes="Every item that was begun is finished.",
    why="ChatKit lets shown text trail behind the stream; without thread.item.done the tail can stay hidden.",
    fix="End every item with thread.item.done that carries the whole item, under the id it was added with.",
    judge=judge,
    explains=frozenset({"reply-missing", "reply-truncated", "history-lost", "history-altered"}),
)
