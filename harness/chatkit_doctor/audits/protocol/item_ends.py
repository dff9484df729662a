"""Which items a stream ends."""

from __future__ import annotations

from collections.abc import Hashable

from chatkit_doctor.audits.streams import Stream
from chatkit_doctor.protocol.events import item_id


def ended_ids(stream: Stream) -> frozenset[Hashable]:
    """The ids of the items that are finished, replaced or removed, whatever type they have at their end."""
    ends = (e for e in stream.sent if e.type in {"thread.item.done", "thread.item.replaced"})
    removed = (e for e in stream.sent if e.type == "thread.item.removed")
    return frozenset(
        {*(item_id(e.item) for e in ends if e.item is not None), *(e.value.get("item_id") for e in removed)}
    )
