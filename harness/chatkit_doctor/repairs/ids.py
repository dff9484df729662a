"""The repair of items that share an id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.protocol.events import ITEM_TYPES, item_id, item_of, named_id, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.repairs.repair import Repair
from chatkit_doctor.repairs.streams import SentEvent, events_of, was_accepted, with_calls, with_events

_MESSAGES: Final = frozenset({"user_message", "assistant_message"})
_BRINGING: Final = frozenset({"thread.item.added", "thread.item.done"})


@dataclass(frozen=True, slots=True)
class _Use:
    kind: str
    done: bool
    place: int
    """Which stream it is in."""
    item: JsonObject


@dataclass(slots=True)
class _Names:
    """Which id is used for what, and under which the item is known from now on."""

    uses: dict[str | None, _Use] = field(default_factory=dict)
    given: dict[str | None, str] = field(default_factory=dict)
    count: int = 1

    def told(self, event: SentEvent, call: Call, place: int) -> SentEvent:
        """The event under an id that no other item has."""
        value, item = event.value, item_of(event.value)
        kind = type_of(value)
        if kind in _BRINGING and item is not None and type_of(item) in ITEM_TYPES:
            key = item_id(item)
            use = _Use(type_of(item), kind == "thread.item.done", place, item)
            before = self.uses.get(key)
            if before is not None and _collide(before, use, call):
                self.count += 1
                self.given[key] = f"{key}_{self.count}"
            self.uses[key] = use
        key = item_id(item) if item is not None else named_id(value)
        if key not in self.given:
            return event
        name = self.given[key]
        if item is not None:
            return event.saying({**value, "item": {**item, "id": name}})
        return event.saying({**value, "item_id": name}) if "item_id" in value else event


def _collide(before: _Use, now: _Use, call: Call) -> bool:
    answers_message = call.op in {"threads.create", "threads.add_user_message"}
    if before.kind != now.kind:
        return True
    if before.kind not in _MESSAGES:
        return before.place != now.place and answers_message and _content(before) != _content(now)
    if before.place == now.place:
        return before.done and not now.done
    return answers_message or now.kind == "assistant_message"


def _content(use: _Use) -> JsonObject:
    return {key: value for key, value in use.item.items() if key != "created_at"}


def _told_apart(conversation: Conversation) -> Conversation:
    """Items that had the id of an earlier one, each under one of its own."""
    names = _Names()
    calls = []
    for place, call in enumerate(conversation.calls):
        if not was_accepted(call) or not is_stream(call):
            calls.append(call)
            continue
        if call.op == "threads.create":
            names = _Names()
        events = events_of(call)
        calls.append(with_events(call, events, [names.told(event, call, place) for event in events]))
    return with_calls(conversation, calls)


REPAIRS: Final = (
    Repair(
        "item-id-collision",
        "gives each item that reuses an earlier id a unique id.",
        _told_apart,
    ),
)
"""The repairs of this module, in the order in which they are made."""
