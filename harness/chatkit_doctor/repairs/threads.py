"""Repairs of stored threads: that they can be read, and hold what was streamed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from chatkit_doctor.component.chat_state import Chat, Response
from chatkit_doctor.component.strictness import page_violations
from chatkit_doctor.component.thread_state import Thread
from chatkit_doctor.component.transcript import Nobody
from chatkit_doctor.conversation.answers import UnreadableError, document_of, is_stream, params_of
from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation
from chatkit_doctor.protocol.correction.steps import string
from chatkit_doctor.protocol.events import SHOWN_REPLY_ITEMS, text_of, type_of
from chatkit_doctor.protocol.payload import JsonObject, as_object
from chatkit_doctor.repairs.json_text import dumped
from chatkit_doctor.repairs.repair import Repair
from chatkit_doctor.repairs.requests import AT, THREAD
from chatkit_doctor.repairs.streams import events_of, was_accepted, with_calls
from chatkit_doctor.vocabulary import STREAMING_OPS, TURN_OPS

_KEPT: Final = frozenset({"user_message", "assistant_message", "widget", "generated_image"})
"""Items a user would miss. Workflows, tasks and the like need not be kept."""

_SHOWN: Final = SHOWN_REPLY_ITEMS | {"user_message"}

Items = Sequence[JsonObject]
RepairThread = Callable[[JsonObject, Items], JsonObject]


class _Streamed:
    """The items of each thread, as the streams so far have left them."""

    def __init__(self) -> None:
        self._chat = Chat(Nobody())

    def take(self, call: Call) -> None:
        """The next stream."""
        if not was_accepted(call) or not is_stream(call):
            return
        self._chat.settle_again(0.0)
        if call.op == "threads.create":
            self._chat.thread = None
        elif self._chat.thread is None:
            self._chat.thread = Thread(params_of(call).get("thread_id"))
        if call.op in TURN_OPS:
            self._chat.say([], 0.0)
        else:
            self._chat.begin(Response(), 0.0)
        for event in events_of(call):
            self._chat.take(event.value, 0.0)
        self._chat.settle(0.0)

    def of(
        self, thread_id: object, *, unfinished: bool = False, kinds: Container[str] = _KEPT
    ) -> list[JsonObject]:
        """The items of a thread of these kinds, in order; those that are finished, or all."""
        thread = self._chat.thread
        if thread is None or string(thread.id) != string(thread_id):
            return []
        keys = (key for turn in thread.turns for key in turn.keys)
        found = [thread.items[key] for key in keys if key in thread.items]
        return [
            _value(each.value, each.parts)
            for each in found
            if (each.done or unfinished) and each.kind in kinds
        ]


def _value(value: dict[str, Any], parts: list[object]) -> JsonObject:
    return {**value, "content": list(parts)} if isinstance(value.get("content"), list) else dict(value)


def _each_thread(change: RepairThread, *, readable: bool) -> Callable[[Conversation], Conversation]:
    """A repair of each answer of ``threads.get_by_id``: of those that can be read, or of the others."""

    def repaired(conversation: Conversation) -> Conversation:
        streamed = _Streamed()
        calls = []
        for call in conversation.calls:
            if call.op in STREAMING_OPS:
                streamed.take(call)
            calls.append(_with_thread(call, streamed, change, readable=readable))
        return with_calls(conversation, calls)

    return repaired


def _with_thread(call: Call, streamed: _Streamed, change: RepairThread, *, readable: bool) -> Call:
    if call.op != "threads.get_by_id":
        return call
    thread = _document(call)
    if _is_readable(thread) is not readable:
        return call
    thread_id = params_of(call).get("thread_id", THREAD)
    # What was shown would be missed where the whole thread cannot be read.
    changed = change(thread, streamed.of(thread_id, unfinished=not readable))
    return call if changed == thread else _answering(call, {"id": thread_id, **changed})


def stored_anew(before: Conversation, after: Conversation) -> Conversation:
    """A conversation whose streams were repaired, with the threads that its store would have held.

    A store that held all that had been finished in its streams holds what is finished in them now. One that
    had lost some of it goes on to: that is a fault of its own. What it held besides stays.
    """
    if after is before or all(call.op != "threads.get_by_id" for call in after.calls):
        return after
    held = {(call.op, call.t_ms): finished for call, finished in _with_finished(before)}
    calls = []
    for call, finished in _with_finished(after):
        once = held.get((call.op, call.t_ms), finished)
        calls.append(call if once == finished else _holding(call, once, finished))
    return with_calls(after, calls)


def _with_finished(conversation: Conversation) -> Iterator[tuple[Call, list[JsonObject]]]:
    """Each call, and of the thread that it reads what was finished before it."""
    streamed = _Streamed()
    for call in conversation.calls:
        if call.op in STREAMING_OPS:
            streamed.take(call)
        read = call.op == "threads.get_by_id"
        yield call, streamed.of(params_of(call).get("thread_id"), kinds=_SHOWN) if read else []


def _holding(call: Call, once: Items, finished: Items) -> Call:
    thread = _document(call)
    data = _items(thread)
    known = {_id(item): item for item in once}
    own = {_id(item): item for item in data}
    is_whole = as_object(thread.get("items")).get("has_more") is not True
    if not (_is_readable(thread) and is_whole and known.keys() <= own.keys()):
        return call
    besides = [item for item in data if _id(item) not in known]
    made = [
        own[_id(item)] if known.get(_id(item)) == item else item
        for item in finished
        if not any(_is_of(each, item) for each in besides)
    ]
    for item in besides:
        before = {_id(each) for each in data[: data.index(item)]}
        made.insert(max((n + 1 for n, each in enumerate(made) if _id(each) in before), default=0), item)
    return _answering(call, _with_items(thread, made))


def _document(call: Call) -> JsonObject:
    try:
        return as_object(document_of(call))
    except UnreadableError:
        return {}


def _items(thread: JsonObject) -> list[JsonObject]:
    data = as_object(thread.get("items")).get("data")
    return [each for each in data if isinstance(each, Mapping)] if isinstance(data, list) else []


def _is_readable(thread: JsonObject) -> bool:
    items = thread.get("items")
    return isinstance(as_object(items).get("data"), list) and all(
        each.tolerated for each in page_violations(items)
    )


def _answering(call: Call, document: object) -> Call:
    headers = {**call.headers, "content-type": "application/json"}
    if (call.kept_status or 0) >= 400 and (origin := call.request_headers.get("origin")):
        # An error was kept from the page for lack of CORS headers, as errors are behind a middleware that
        # gives them to every other answer.
        headers["access-control-allow-origin"] = origin
    t = call.chunks[0].t_ms if call.chunks else max(call.t_ms, call.answered_ms, call.ended_ms)
    return replace(
        call,
        status=200,
        headers=headers,
        answered_ms=min(t, call.answered_ms or t),
        chunks=(Chunk(t, dumped(document).encode(errors="replace")),),
        ended_ms=max(t, call.ended_ms),
        how="finished",
        error="",
    )


def _read(thread: JsonObject, streamed: Items) -> JsonObject:
    """A thread that can be read: with its own items where they can, else with what was streamed."""
    items = thread.get("items")
    kept = items if isinstance(items, list) else streamed
    own = {"created_at": AT, "status": {"type": "active"}}
    return {**own, **thread, "items": {"data": list(kept), "has_more": False}}


def _complete(thread: JsonObject, streamed: Items) -> JsonObject:
    """A thread with each item that was streamed and is not in it, in its place among the others."""
    if as_object(thread.get("items")).get("has_more") is True:
        return thread
    data: list[JsonObject] = _items(thread)
    place = 0
    for item in streamed:
        found = next((n for n, each in enumerate(data) if _is_of(each, item)), None)
        if found is None:
            data.insert(place, item)
            place += 1
        else:
            place = found + 1
    return _with_items(thread, data)


def _unchanged(thread: JsonObject, streamed: Items) -> JsonObject:
    """A thread whose items are as they were streamed, in that order; what is lost stays lost."""
    if as_object(thread.get("items")).get("has_more") is True or not streamed:
        return thread
    data = _items(thread)
    kept = [item for item in streamed if any(_is_of(each, item) for each in data)]
    others = [each for each in data if type_of(each) not in _KEPT]
    same = [each for each in data if type_of(each) in _KEPT]
    is_same = [(_id(a), text_of(a)) for a in same] == [(_id(b), text_of(b)) for b in kept]
    return thread if is_same else _with_items(thread, [*kept, *others])


def _is_of(stored: JsonObject, item: JsonObject) -> bool:
    if _id(stored) == _id(item):
        return True
    return type_of(stored) == type_of(item) and text_of(stored).split() == text_of(item).split() != []


def _id(item: JsonObject) -> str:
    return string(item.get("id"))


def _with_items(thread: JsonObject, data: Items) -> JsonObject:
    if list(data) == _items(thread):
        return thread
    return {**thread, "items": {**as_object(thread.get("items")), "data": list(data)}}


def _paged(conversation: Conversation) -> Conversation:
    """Pages of items of which each brings new ones, and the last says that it is the last."""
    known: set[str] = set()
    is_over = False
    calls = []
    streamed = _Streamed()
    for call in conversation.calls:
        made = call
        if call.op in STREAMING_OPS:
            streamed.take(call)
        elif call.op == "threads.get_by_id":
            thread = _document(call)
            known = {_id(item) for item in _items(thread)}
            is_over = as_object(thread.get("items")).get("has_more") is not True
        elif call.op == "items.list":
            if is_over:
                continue
            page = _document(call)
            data = page.get("data")
            fresh = [i for i in data if _id(as_object(i)) not in known] if isinstance(data, list) else []
            is_over = not fresh or page.get("has_more") is not True
            if not fresh:
                # What the page would have held is known only from the streams.
                rest = streamed.of(params_of(call).get("thread_id"))
                fresh = [item for item in rest if _id(item) not in known]
            known |= {_id(as_object(item)) for item in fresh}
            if data != fresh or (is_over and page.get("has_more") is True):
                made = _answering(call, {**page, "data": fresh, "has_more": not is_over})
        calls.append(made)
    return with_calls(conversation, calls)


def _listed(conversation: Conversation) -> Conversation:
    """Lists of threads in the shape that ChatKit reads."""
    return with_calls(conversation, [_with_list(call) for call in conversation.calls])


def _with_list(call: Call) -> Call:
    if call.op != "threads.list":
        return call
    try:
        found = document_of(call)
    except UnreadableError:
        found = None
    if isinstance(as_object(found).get("data"), list):
        return call
    data = found if isinstance(found, list) else []
    return _answering(call, {"data": data, "has_more": False})


REPAIRS: Final = (
    Repair(
        "thread-read-failed",
        "answers `threads.get_by_id` with the thread, in the shape that ChatKit reads.",
        _each_thread(_read, readable=False),
    ),
    Repair(
        "paging-broken",
        "returns pages of items that contain each item once and end.",
        _paged,
    ),
    Repair(
        "threads-list-invalid",
        "answers `threads.list` with a list in the shape that ChatKit reads.",
        _listed,
    ),
    Repair(
        "store-lost-items",
        "adds the streamed items to the stored thread.",
        _each_thread(_complete, readable=True),
    ),
    Repair(
        "store-changed-items",
        "gives the stored items the ids, text and order they were streamed with.",
        _each_thread(_unchanged, readable=True),
    ),
)
"""The repairs of this module, in the order in which they are made."""
