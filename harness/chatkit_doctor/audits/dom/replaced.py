"""What the backend put in an item's place on purpose, as ``thread.item.replaced`` is for."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.streams import Event, Stream, reached
from chatkit_doctor.component.rendered_text import is_shown_as
from chatkit_doctor.protocol.events import ITEM_EVENTS, item_id, text_of, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.messages import Message


def was_replaced(recording: Recording, message: Message, until_ms: float) -> bool:
    """Whether the backend had put another item in a message's place by a time (ms).

    One that says nothing takes the message away, and replaces it by nothing.
    """
    before: dict[str | None, tuple[Stream, JsonObject]] = {}
    for stream, event in _events(recording):
        item = event.item
        if item is None or event.received.t > until_ms:
            continue
        known = before.get(item_id(item))
        if event.type == "thread.item.replaced" and known is not None and _says_something(item):
            of, earlier = known
            if of.turn == message.turn and _is_shown_in(earlier, message):
                return True
        # An item belongs to the turn in which it came first, whatever becomes of it.
        before[item_id(item)] = (known[0] if known is not None else stream, item)
    return False


def _events(recording: Recording) -> Iterator[tuple[Stream, Event]]:
    for stream in reached(recording):
        yield from ((stream, event) for event in stream.events if event.type in ITEM_EVENTS)


def _is_shown_in(item: JsonObject, message: Message) -> bool:
    if type_of(item).replace("_", "-") != message.kind:
        return False
    return type_of(item) != "assistant_message" or any(
        is_shown_as(text_of(item), wording.text) for wording in message.wordings
    )


def _says_something(item: JsonObject) -> bool:
    return type_of(item) != "assistant_message" or bool(text_of(item).strip())
