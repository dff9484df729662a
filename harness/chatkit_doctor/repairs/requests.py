"""What a request tells of the turn that its answer belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.conversation.answers import params_of
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.protocol.correction.correct import SAMPLE_TIME, UNKNOWN_MESSAGE
from chatkit_doctor.protocol.correction.steps import string
from chatkit_doctor.protocol.events import item_of, member, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.repairs.streams import Events, events_of
from chatkit_doctor.vocabulary import TURN_OPS

AT: Final = SAMPLE_TIME.isoformat()
THREAD: Final = "thr_1"
"""The name of a thread that nothing else names."""


def turns(conversation: Conversation) -> Iterator[tuple[Call, int]]:
    """Each call with the turn that it belongs to, from 1; a repetition of a request belongs to the same."""
    number, last = 0, b""
    for call in conversation.calls:
        if call.op in TURN_OPS and call.request != last:
            number, last = number + 1, call.request
        yield call, max(1, number)


def announced(events: Events) -> JsonObject | None:
    """The first thread that a stream announces under an id."""
    threads = (member(e.value, "thread") for e in events if type_of(e.value) == "thread.created")
    return next((thread for thread in threads if thread.get("id") is not None), None)


def thread_name(call: Call, events: Events, conversation: Conversation) -> str:
    """The id of the thread that a stream belongs to, as anything names it."""
    if asked := string(params_of(call).get("thread_id")):
        return asked
    if (thread := announced(events)) is not None:
        return string(thread.get("id"))
    items = (item for event in events if (item := item_of(event.value)) is not None)
    if named := next((name for item in items if (name := string(item.get("thread_id")))), ""):
        return named
    later = (string(params_of(c).get("thread_id")) for c in conversation.calls if c.t_ms > call.t_ms)
    return next((name for name in later if name), THREAD)


def thread_names(conversation: Conversation) -> dict[int, str]:
    """For each call, by its place, the thread it belongs to."""
    return {
        place: thread_name(call, events_of(call), conversation)
        for place, call in enumerate(conversation.calls)
    }


def user_item(call: Call, turn: int, thread_id: str) -> JsonObject:
    """The user's own message as the item that confirms it."""
    asked = member(params_of(call), "input")
    content = asked.get("content")
    parts = content if isinstance(content, list) and content else None
    return {
        "id": f"msg_user_{turn}",
        "type": "user_message",
        "thread_id": thread_id,
        "created_at": AT,
        "content": parts or [{"type": "input_text", "text": UNKNOWN_MESSAGE}],
        "attachments": [],
        "inference_options": {},
    }
