"""What each stream says in its assistant messages, with the event that says it last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chatkit_doctor.audits.streams import Event, Stream
from chatkit_doctor.protocol.events import item_id, named_id, text_of, type_of


@dataclass(frozen=True, slots=True)
class ReplyText:
    """The whole text of one reply, and the last event of it."""

    text: str
    event: Event


def reply_texts(stream: Stream) -> Iterator[ReplyText]:
    """Every reply of a stream as its backend meant it, in order."""
    last = _last_events(stream)
    if not last:
        return
    by_text = {text_of(each.item or {}): each for each in last}
    for text in stream.intended:
        yield ReplyText(text, by_text.get(text, last[-1]))


def _last_events(stream: Stream) -> list[Event]:
    """The last event of each assistant message."""
    last: dict[object, Event] = {}
    for event in stream.events:
        item = event.item
        if item is not None and type_of(item) == "assistant_message":
            last[item_id(item)] = event
        elif event.type == "thread.item.updated":
            last[named_id(event.value)] = event
    return list(last.values())
