"""Repairs of which events a stream is made of: their protocol, their names, their shape, and the thread's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chatkit_doctor.component.examples import example_of
from chatkit_doctor.component.strictness import event_violations, with_value
from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.protocol.correction.correct import corrected
from chatkit_doctor.protocol.correction.steps import string, text_in
from chatkit_doctor.protocol.dialects import chatkit_invented, recognise
from chatkit_doctor.protocol.dialects.dialect import CARRIES_NOTHING
from chatkit_doctor.protocol.events import (
    EVENT_TYPES,
    ITEM_EVENTS,
    ITEM_TYPES,
    UPDATE_TYPES,
    is_bare_item,
    item_of,
    member,
    nearest,
    type_of,
)
from chatkit_doctor.protocol.payload import JsonObject, as_object, parse_json
from chatkit_doctor.protocol.schema import SchemaProblem, value_at
from chatkit_doctor.repairs.json_text import dumped
from chatkit_doctor.repairs.repair import Repair
from chatkit_doctor.repairs.requests import AT, announced, thread_names, turns
from chatkit_doctor.repairs.streams import (
    Events,
    SentEvent,
    each_stream,
    events_of,
    was_accepted,
    with_calls,
    with_events,
)

_ROUNDS: Final = 4
"""How many times an event is examined again: what is wrong inside shows once what is around it is right."""
_TEXT_PARTS: Final = {"assistant_message": "output_text", "user_message": "input_text"}


# The protocol


def _translated(conversation: Conversation) -> Conversation:
    """Streams that speak another protocol, in ChatKit."""
    return with_calls(conversation, [_in_chatkit(call, turn) for call, turn in turns(conversation)])


def _in_chatkit(call: Call, turn: int) -> Call:
    events = _read(call)
    foreign = recognise([event.frame for event in events])
    if foreign is None:
        return call
    return with_events(call, events, _told_again(call, events, turn, whole=not foreign.partly))


def _read(call: Call) -> list[SentEvent]:
    return events_of(call) if was_accepted(call) and is_stream(call) else []


def _told_again(call: Call, events: Events, turn: int, *, whole: bool) -> Events:
    """What the events say, in ChatKit's. Only what is foreign ``whole``-ly begins as a stream should."""
    frames = [event.frame for event in events]
    said = corrected(frames, op=call.op, request=_request(call), turn=turn)
    if not whole:
        kinds = {type_of(event.value) for event in events}
        said = [each for each in said if "thread.created" in kinds or type_of(each) != "thread.created"]
        if not any(_is_users(event.value) for event in events):
            said = [each for each in said if not _is_users(each)]
    # Which event says what is not known: they come as steadily as the others did.
    return [
        SentEvent(events[number * len(events) // len(said)].t_ms, dumped(value))
        for number, value in enumerate(said)
    ]


def _is_users(event: JsonObject) -> bool:
    item = item_of(event)
    return item is not None and type_of(item) == "user_message"


def _request(call: Call) -> object:
    try:
        return parse_json(call.request.decode(errors="replace"))
    except ValueError:
        return {}


def _renamed(conversation: Conversation) -> Conversation:
    """Events whose names are not quite ChatKit's, under the names that were meant."""
    return with_calls(conversation, [_with_names(call, turn) for call, turn in turns(conversation)])


def _with_names(call: Call, turn: int) -> Call:
    events = _read(call)
    if recognise([event.frame for event in events]) is not None:
        return call  # Another protocol altogether is another fault.
    named = [_under_its_name(event) for event in events]
    if named == events and any(_is_invented(event) for event in events):
        return with_events(call, events, _told_again(call, events, turn, whole=False))
    return with_events(call, events, named)


def _under_its_name(event: SentEvent) -> SentEvent:
    value = event.value
    kind = type_of(value)
    if not value or kind in EVENT_TYPES | UPDATE_TYPES or is_bare_item(value):
        return event
    meant = nearest(kind, EVENT_TYPES)
    if not kind or (meant and meant not in ITEM_EVENTS and type_of(member(value, "item")) in ITEM_TYPES):
        meant = _by_what_it_carries(value)
    return event.saying({**value, "type": meant}) if meant else event


def _by_what_it_carries(value: JsonObject) -> str:
    if type_of(member(value, "item")) in ITEM_TYPES:
        return "thread.item.done"
    if type_of(member(value, "update")) in UPDATE_TYPES:
        return "thread.item.updated"
    return "thread.created" if "id" in member(value, "thread") else ""


def _is_invented(event: SentEvent) -> bool:
    name = chatkit_invented.DIALECT.own(event.frame)
    is_own = type_of(event.value) in EVENT_TYPES | UPDATE_TYPES or is_bare_item(event.value)
    return not is_own and bool(name) and chatkit_invented.DIALECT.chatkit_event(name) not in CARRIES_NOTHING


# The thread


def _announced(conversation: Conversation) -> Conversation:
    """A new thread's stream that announces the thread before anything else."""
    names = thread_names(conversation)
    calls = [
        _with_thread(call, names[place]) if call.op == "threads.create" else call
        for place, call in enumerate(conversation.calls)
    ]
    return with_calls(conversation, calls)


def _with_thread(call: Call, name: str) -> Call:
    events = _read(call)
    if not events or announced(events) is not None:
        return call
    thread = {
        "id": name,
        "created_at": AT,
        "status": {"type": "active"},
        "metadata": {},
        "items": {"data": [], "has_more": False},
    }
    first = SentEvent(events[0].t_ms, dumped({"type": "thread.created", "thread": thread}))
    return with_events(call, events, [first, *events])


def _announced_first(call: Call, events: Events) -> Events:
    """The events with the announcement of a new thread before all others."""
    if call.op != "threads.create":
        return events
    place = next((n for n, e in enumerate(events) if announced([e]) is not None), None)
    if place is None:
        return events
    others = [*events[:place], *(e for e in events[place + 1 :] if not _is_again(e, events[place]))]
    if place == 0:
        return [events[0], *others]
    return [SentEvent(events[0].t_ms, events[place].data, events[place].name), *others]


def _is_again(event: SentEvent, first: SentEvent) -> bool:
    """Whether an event announces a thread again: what came in between is dropped by it."""
    thread, before = announced([event]), announced([first])
    return thread is not None and before is not None and thread.get("id") == before.get("id")


def _of_one_thread(conversation: Conversation) -> Conversation:
    """Streams that announce no other thread than the one they belong to, and that one not again."""
    names = thread_names(conversation)
    calls = []
    for place, call in enumerate(conversation.calls):
        events = _read(call)
        calls.append(with_events(call, events, list(_of_thread(events, names[place]))))
    return with_calls(conversation, calls)


def _of_thread(events: Events, name: str) -> Iterator[SentEvent]:
    was_announced = False
    for event in events:
        thread = member(event.value, "thread")
        named = string(thread.get("id")) if type_of(event.value) == "thread.created" else ""
        if named not in {"", name}:
            if was_announced:
                continue
            yield event.saying({**event.value, "thread": {**thread, "id": name}})
        else:
            yield event
        was_announced = was_announced or named != ""


# The shape


def _shaped(_call: Call, events: Events) -> Events:
    """The events with what they lack, and of the types that they should be of."""
    return list(_in_shape(events))


def _in_shape(events: Events) -> Iterator[SentEvent]:
    last: object = None
    for event in events:
        is_own = type_of(event.value) in EVENT_TYPES
        made = event.saying(_mended(event.value, last)) if is_own else event
        last = value_at(made.value, ("item", "id")) if item_of(made.value) is not None else last
        yield made


def _mended(event: JsonObject, last_item: object) -> JsonObject:
    for _ in range(_ROUNDS):
        wrong = [each.problem for each in event_violations(event) if not each.tolerated]
        if not wrong:
            break
        for problem in wrong:
            event = _without(event, problem, last_item)
    return event


def _without(event: JsonObject, problem: SchemaProblem, last_item: object) -> JsonObject:
    """An event without one of the things that are wrong with it; what it says is kept."""
    found, at = value_at(event, problem.at), problem.at
    if not at:
        return event
    if problem.nearest and at[-1] == "type":
        return with_value(event, at, problem.nearest)
    kind = _TEXT_PARTS.get(type_of(member(event, "item")), "output_text")
    if at[-1] == "content" and (isinstance(found, str | Mapping) or _holds_texts(found)):
        return with_value(event, at, _parts(found, kind, is_list=at[0] == "item"))
    if at[-1] == "type" and "content" in at:
        return with_value(event, at, kind)
    if at[-1] in {"text", "delta"} and (text := text_in(found) or string(found)):
        return with_value(event, at, text)
    if at[-1] in {"annotations", "attachments"}:
        return with_value(event, at, [])
    if at == ("item_id",) and isinstance(last_item, str):
        return with_value(event, at, last_item)
    example = example_of(event)
    return event if example is None else with_value(event, at, _example(example.event, at))


def _holds_texts(found: object) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(each, str) for each in found)


def _parts(found: object, kind: str, *, is_list: bool) -> object:
    texts = found if isinstance(found, list) else [found]
    parts: list[dict[str, Any]] = [_part(text, kind) for text in texts]
    return parts if is_list else parts[0]


def _part(found: object, kind: str) -> dict[str, Any]:
    more: dict[str, Any] = {"annotations": []} if kind == "output_text" else {}
    return {"type": kind, "text": text_in(found), **more}


def _example(event: JsonObject, at: Sequence[str | int]) -> object:
    """What lies there in a good event; in a list that is its last where it has not so many."""
    found: object = event
    for part in at:
        if isinstance(found, list) and isinstance(part, int) and found:
            found = found[min(part, len(found) - 1)]
        else:
            found = as_object(found).get(str(part))
    # Text of an example would be a reply that nobody gave.
    return "" if at[-1] in {"text", "delta"} else found


REPAIRS: Final = (
    Repair(
        "wrong-dialect",
        "translates the events of another protocol into ChatKit's.",
        _translated,
    ),
    Repair(
        "unknown-event",
        "renames unknown events to the ChatKit events that were meant.",
        _renamed,
        unless="None of these events brings a reply: what should have come is not in the recording.",
    ),
    Repair(
        "invalid-event",
        "gives each event the shape that ChatKit expects, without changing its content.",
        each_stream(_shaped),
    ),
    Repair(
        "thread-created-missing",
        "announces a new thread at the start of its stream.",
        _announced,
    ),
    Repair(
        "thread-created-late",
        "announces a new thread once, before all other events.",
        each_stream(_announced_first),
    ),
    Repair(
        "thread-id-mismatch",
        "announces the right thread in each stream.",
        _of_one_thread,
    ),
)
"""The repairs of this module, in the order in which they are made."""
