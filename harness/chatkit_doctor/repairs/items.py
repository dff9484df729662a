"""Repairs of the items in a stream: that they are there, whole, finished, and each under an id of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from chatkit_doctor.component.chat_state import Chat
from chatkit_doctor.component.item import Item
from chatkit_doctor.component.thread_state import Thread
from chatkit_doctor.component.transcript import Nobody
from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.protocol.events import (
    EVENT_TYPES,
    SHOWN_REPLY_ITEMS,
    TEXT_DELTA,
    UPDATE_TYPES,
    is_bare_item,
    item_id,
    item_of,
    member,
    named_id,
    text_of,
    type_of,
)
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.repairs.json_text import dumped
from chatkit_doctor.repairs.repair import Repair
from chatkit_doctor.repairs.requests import AT, THREAD, thread_names, turns, user_item
from chatkit_doctor.repairs.streams import (
    Events,
    SentEvent,
    each_stream,
    events_of,
    was_accepted,
    with_calls,
    with_events,
)
from chatkit_doctor.vocabulary import TURN_OPS

_OF_MESSAGES: Final = "assistant_message."
_ENDS: Final = frozenset({"thread.item.done", "thread.item.removed", "thread.item.replaced"})


class Told:
    """What the events of a stream have made of its items so far."""

    def __init__(self) -> None:
        self._chat = Chat(Nobody())
        self._chat.thread = Thread("thread")
        self._chat.say([{"type": "input_text", "text": ""}], 0.0)

    def take(self, event: JsonObject) -> None:
        """The next event."""
        if type_of(event) != "thread.created":
            self._chat.take(event, 0.0)

    def item(self, key: str | None) -> dict[str, Any] | None:
        """An item as it is by now; None without one under this id."""
        thread = self._chat.thread
        found: Item | None = thread.items.get(key) if thread is not None and key is not None else None
        if found is None:
            return None
        parts = [dict(each) if isinstance(each, dict) else each for each in found.parts]
        return {**found.value, "content": parts} if found.kind == "assistant_message" else dict(found.value)


def _wrapped(_call: Call, events: Events) -> Events:
    """The events, with one around each item and each update that came bare."""
    last: str | None = None
    made: list[SentEvent] = []
    told = Told()
    for event in events:
        wrapped = _in_event(event, last)
        if wrapped is not event and _lacks_part(wrapped, told):
            made.append(_part_added(wrapped))
            told.take(made[-1].value)
        made.append(wrapped)
        told.take(wrapped.value)
        if (item := item_of(wrapped.value)) is not None:
            last = item_id(item) or last
    return made


def _lacks_part(event: SentEvent, told: Told) -> bool:
    """Whether an event brings text for a part of an item that was never begun."""
    update, item = member(event.value, "update"), told.item(named_id(event.value))
    return type_of(update) == TEXT_DELTA and item is not None and item.get("content") == []


def _part_added(event: SentEvent) -> SentEvent:
    update = {
        "type": "assistant_message.content_part.added",
        "content_index": 0,
        "content": {"type": "output_text", "text": "", "annotations": []},
    }
    return event.saying({**event.value, "update": update})


def _in_event(event: SentEvent, last: str | None) -> SentEvent:
    value = event.value
    if is_bare_item(value):
        return event.saying({"type": "thread.item.done", "item": value})
    if type_of(value) in UPDATE_TYPES:
        update = {name: each for name, each in value.items() if name != "item_id"}
        return event.saying(
            {"type": "thread.item.updated", "item_id": value.get("item_id", last), "update": update}
        )
    return event


def _confirmed(conversation: Conversation) -> Conversation:
    """Answers to messages that confirm the message."""
    names = thread_names(conversation)
    calls = [
        _with_message(call, turn, names[place]) for place, (call, turn) in enumerate(turns(conversation))
    ]
    return with_calls(conversation, calls)


def _with_message(call: Call, turn: int, thread_id: str) -> Call:
    if call.op not in TURN_OPS or not was_accepted(call) or not is_stream(call):
        return call
    events = events_of(call)
    items = (item for event in events if (item := item_of(event.value)) is not None)
    if not events or any(type_of(item) == "user_message" for item in items):
        return call
    created = next((n for n, e in enumerate(events) if type_of(e.value) == "thread.created"), -1)
    message = {"type": "thread.item.done", "item": user_item(call, turn, thread_id)}
    place = created + 1
    at = SentEvent(events[max(0, created)].t_ms, dumped(message))
    return with_events(call, events, [*events[:place], at, *events[place:]])


def _finished(_call: Call, events: Events) -> Events:
    """The events, with an end for each item of the assistant's that has none."""
    kinds = SHOWN_REPLY_ITEMS - {"workflow"}
    return _ended(events, kinds)


def _workflows_finished(_call: Call, events: Events) -> Events:
    """The events, with an end for each workflow that has none, and no task that still says it is loading."""
    return [_without_loading(event) for event in _ended(events, frozenset({"workflow"}))]


def _without_loading(event: SentEvent) -> SentEvent:
    item = item_of(event.value)
    if type_of(event.value) != "thread.item.done" or item is None or type_of(item) != "workflow":
        return event
    flow = member(item, "workflow")
    tasks = flow.get("tasks")
    complete = [
        {**task, "status_indicator": "complete"}
        if isinstance(task, dict) and task.get("status_indicator") == "loading"
        else task
        for task in (tasks if isinstance(tasks, list) else [])
    ]
    if complete == (tasks or []):
        return event
    return event.saying({**event.value, "item": {**item, "workflow": {**flow, "tasks": complete}}})


def _ended(events: Events, kinds: frozenset[str]) -> Events:
    begun = {
        key: type_of(item)
        for e in events
        if type_of(e.value) == "thread.item.added"
        and (item := item_of(e.value)) is not None
        and type_of(item) in kinds
        and (key := item_id(item)) is not None
    }
    ended = {_named(e.value) for e in events if type_of(e.value) in _ENDS}
    strange = {
        type_of(item_of(e.value) or {})
        for e in events
        if type_of(e.value) == "thread.item.done" and item_id(item_of(e.value)) not in begun
    }
    # One that ends under another id is the fault of the ids.
    left = {key for key, kind in begun.items() if key not in ended and kind not in strange}
    if not left:
        return events
    last = {key: n for n, e in enumerate(events) if (key := _named(e.value)) in left}
    made: list[SentEvent] = []
    told = Told()
    for number, event in enumerate(events):
        made.append(event)
        told.take(event.value)
        over = (told.item(key) for key, place in last.items() if place == number)
        ends = [{"type": "thread.item.done", "item": item} for item in over if item is not None]
        made.extend(SentEvent(event.t_ms, dumped(end)) for end in ends)
    return made


def _named(event: JsonObject) -> str | None:
    """The id of the item that an event is about."""
    item = item_of(event)
    return item_id(item) if item is not None else named_id(event)


def _filled(_call: Call, events: Events) -> Events:
    """The events, where an end that says nothing says what had been streamed."""
    told = Told()
    made = []
    for event in events:
        made.append(_with_text(event, told))
        told.take(made[-1].value)
    return made


def _with_text(event: SentEvent, told: Told) -> SentEvent:
    item = item_of(event.value)
    if item is None or type_of(event.value) != "thread.item.done" or type_of(item) != "assistant_message":
        return event
    before = told.item(item_id(item))
    if text_of(item) or before is None or not text_of(before):
        return event
    return event.saying({**event.value, "item": {**item, "content": before["content"]}})


def _kept(_call: Call, events: Events) -> Events:
    """The events without those that take an item away."""
    return [event for event in events if type_of(event.value) != "thread.item.removed"]


def _matched(conversation: Conversation) -> Conversation:
    """Updates and ends under the ids of the items that they are meant for."""
    known: set[str | None] = set()
    calls = []
    for call in conversation.calls:
        if not was_accepted(call) or not is_stream(call):
            calls.append(call)
            continue
        if call.op == "threads.create":
            known.clear()
        events = events_of(call)
        calls.append(with_events(call, events, list(_under_known_ids(events, known))))
    return with_calls(conversation, calls)


def _under_known_ids(events: Events, known: set[str | None]) -> Iterator[SentEvent]:
    renamed = _renamed(events)
    own = [item_id(item) for e in events if (item := _own_item(e.value)) is not None]
    current: str | None = None
    for event in events:
        value, made = event.value, event
        kind, item = type_of(value), item_of(value)
        if kind == "thread.item.done" and item is not None and item_id(item) in renamed:
            made = event.saying({**value, "item": {**item, "id": renamed[item_id(item)]}})
        elif kind in {"thread.item.added", "thread.item.done"} and item is not None:
            current = item_id(item) if type_of(item) in SHOWN_REPLY_ITEMS else current
        elif kind == "thread.item.replaced" and item is not None and item_id(item) not in known:
            made = event.saying({**value, "type": "thread.item.done"})
        elif kind == "thread.item.updated" and named_id(value) not in known and "item_id" in value:
            meant = current or next(iter(own), None)
            if meant is None:
                yield from _begun(event)
                known.add(named_id(value))
            else:
                made = event.saying({**value, "item_id": meant})
        if (its := item_of(made.value)) is not None:
            known.add(item_id(its))
        yield made


def _begun(event: SentEvent) -> Iterator[SentEvent]:
    """The beginning of the message that updates are meant for where the stream has no item at all."""
    kind = type_of(member(event.value, "update"))
    if kind.startswith(_OF_MESSAGES):
        own = {"id": event.value["item_id"], "thread_id": THREAD, "created_at": AT}
        item = {"type": "assistant_message", **own, "content": []}
        yield event.saying({"type": "thread.item.added", "item": item})
    if kind == TEXT_DELTA:
        yield _part_added(event)


def _own_item(event: JsonObject) -> JsonObject | None:
    item = item_of(event)
    return item if item is not None and type_of(item) in SHOWN_REPLY_ITEMS else None


def _misnamed(event: JsonObject) -> JsonObject | None:
    """The item of the assistant's in an event that ChatKit does not know."""
    item = member(event, "item")
    is_known = type_of(event) in EVENT_TYPES
    return item if not is_known and type_of(item) in SHOWN_REPLY_ITEMS else None


def _renamed(events: Events) -> dict[str | None, str | None]:
    """For each id under which an item ends, the one under which it began."""
    begun: dict[str | None, tuple[str, int]] = {}
    ends: dict[str | None, tuple[str, int]] = {}
    for place, event in enumerate(events):
        item = _own_item(event.value)
        if item is not None and type_of(event.value) == "thread.item.added":
            begun[item_id(item)] = type_of(item), place
        elif item is not None and type_of(event.value) == "thread.item.done":
            ends[item_id(item)] = type_of(item), place
    gone = {named_id(e.value) for e in events if type_of(e.value) == "thread.item.removed"}
    # An end under a name that ChatKit does not know is another fault.
    gone |= {item_id(item) for e in events if (item := _misnamed(e.value)) is not None}
    strange = [key for key in ends if key not in begun]
    found: dict[str | None, str | None] = {}
    for key, (kind, place) in begun.items():
        if key in ends or key in gone:
            continue
        # An item that came whole before this one began is no end of it.
        later = (each for each in strange if ends[each][0] == kind and ends[each][1] > place)
        end = next((each for each in later if each not in found), None)
        if end is not None:
            found[end] = key
    return found


REPAIRS: Final = (
    Repair(
        "item-not-wrapped",
        "wraps each bare item and each bare update in an event.",
        each_stream(_wrapped),
    ),
    Repair(
        "item-id-mismatch",
        "makes each update and each thread.item.done name the item it is meant for.",
        _matched,
    ),
    Repair(
        "item-removed",
        "drops the events that remove items.",
        each_stream(_kept),
    ),
    Repair(
        "empty-reply",
        "fills a final item that has no text with the text that was streamed.",
        each_stream(_filled),
        unless="Nothing was streamed for it: its text is not in the recording.",
    ),
    Repair(
        "item-never-done",
        "finishes each item with the text that was streamed.",
        each_stream(_finished),
    ),
    Repair(
        "workflow-left-open",
        "finishes each workflow and its tasks.",
        each_stream(_workflows_finished),
    ),
    Repair(
        "user-item-missing",
        "confirms the user's message before the reply.",
        _confirmed,
    ),
)
"""The repairs of this module, in the order in which they are made."""
