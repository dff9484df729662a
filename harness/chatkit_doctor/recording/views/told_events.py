"""Events as they are told: each by a name, and those that are alike and come one after the other as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from chatkit_doctor.protocol.correction import added_text
from chatkit_doctor.protocol.events import TEXT_DELTA, member, type_of
from chatkit_doctor.protocol.payload import PayloadKind
from chatkit_doctor.recording.views.exchange import Received

_NO_OBJECT: Final = {
    PayloadKind.DONE: "[DONE]",
    PayloadKind.OTHER_JSON: "(JSON, but not an object)",
    PayloadKind.EMPTY: "(no data)",
    PayloadKind.DOUBLE_ENCODED: "(JSON in a JSON string)",
    PayloadKind.SEVERAL: "(several documents)",
    PayloadKind.DOUBLE_FRAMED: "(framed twice)",
    PayloadKind.BROKEN: "(broken JSON)",
    PayloadKind.TEXT: "(no JSON)",
    PayloadKind.SHORTENED: "(shortened by the recording)",
}
"""What stands for the name of an event that holds no object."""


@dataclass(frozen=True, slots=True)
class EventGroup:
    """Neighbouring events of one name. ``n`` is the entry of the first; times are in ms."""

    name: str
    n: int
    t: float
    until: float
    count: int
    text: str
    """The pieces of text that they bring, together."""


def event_name(event: Received) -> str:
    """Such as ``thread.item.done · user_message``: the type of an event, and of what it is about."""
    value = event.payload.value
    if value is None:
        return _NO_OBJECT.get(event.payload.kind, "(unreadable)")
    about = type_of(member(value, "item")) or type_of(member(value, "update")).rpartition(".")[2]
    name = type_of(value) or event.name or "(no type)"
    return f"{name} · {about}" if about else name


def event_text(event: Received) -> str:
    """The piece of a reply's text that an event adds, in ChatKit or in another protocol; else empty."""
    update = member(event.payload.value or {}, "update")
    if type_of(update) == TEXT_DELTA:
        delta = update.get("delta")
        return delta if isinstance(delta, str) else ""
    added = added_text(event.frame)
    return added.text if added is not None else ""


def event_groups(events: Sequence[Received]) -> tuple[EventGroup, ...]:
    """The events in order, neighbours of one name as one."""
    found = []
    for name, same in groupby(events, key=event_name):
        group = list(same)
        text = "".join(event_text(event) for event in group)
        found.append(EventGroup(name, group[0].n, group[0].t, group[-1].t, len(group), text))
    return tuple(found)
