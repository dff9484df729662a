"""Which items a stream ends, well or badly."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from chatkit_doctor.audits.streams import Event, Stream, meant_event
from chatkit_doctor.protocol.events import is_bare_item, item_id, member
from chatkit_doctor.protocol.payload import JsonObject

_ENDS: Final = ("thread.item.done", "thread.item.replaced", "thread.item.updated with an item")
"""What events of unknown names were meant to be that end an item. No update carries a whole item."""


def ended_ids(stream: Stream) -> frozenset[Hashable]:
    """The ids of the items that are finished, replaced or removed.

    An end counts that has a wrong name, no event around it, or an item of another type: the item was meant to
    end, and what is wrong with its end is a cause of its own.
    """
    return frozenset(item_id(item) for event in stream.sent if (item := _ended(event)) is not None)


def _ended(event: Event) -> JsonObject | None:
    """The item that an event ends, be it by its id alone."""
    if event.type == "thread.item.removed":
        return {"id": event.value.get("item_id")}
    if event.type in {"thread.item.done", "thread.item.replaced"}:
        return event.item
    if is_bare_item(event.value):
        return event.value
    meant = meant_event(event).startswith(_ENDS)
    return member(event.value, "item") if meant else None
