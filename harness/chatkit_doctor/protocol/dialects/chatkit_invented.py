"""Names that sound like ChatKit's own and are not: ``thread.item.user_message`` and the like."""

from __future__ import annotations

import re
from typing import Final

from chatkit_doctor.protocol.dialects.dialect import BEGUN, CREATED, DELTA, END, REPLY, USER, Dialect, Frame
from chatkit_doctor.protocol.events import EVENT_TYPES

_OWN: Final = re.compile(r"(thread|threads|chatkit|assistant_message|user_message|item|items)([._]|$)")


def _own(frame: Frame) -> str:
    name = frame.type or frame.name
    return name if _OWN.match(name) and name not in EVENT_TYPES else ""


DIALECT = Dialect(
    id="chatkit-invented",
    title="an invented variant of the ChatKit protocol",
    own=_own,
    meant=(
        ("*user_message*", USER),
        ("*user.message*", USER),
        ("assistant_message.content_part.*", "thread.item.updated, with this as its `update`"),
        ("*delta*", DELTA),
        ("*assistant_message.start*", BEGUN),
        ("*assistant_message*", REPLY),
        ("*assistant.message*", REPLY),
        ("*.added", "thread.item.added"),
        ("*.updated", "thread.item.updated"),
        ("*thread*creat*", CREATED),
        ("*thread*start*", CREATED),
        ("thread.done", END),
        ("thread.end*", END),
        ("*complete*", REPLY),
        ("*done*", REPLY),
    ),
    names=(
        "thread.item.user_message",
        "thread.item.assistant_message",
        "thread.item.message",
        "thread.item.created",
        "thread.item.started",
        "thread.item.delta",
        "thread.item.text_delta",
        "thread.item.completed",
        "thread.item.content",
        "thread.start",
        "thread.started",
        "thread.done",
        "thread.end",
        "thread.completed",
        "thread.response",
        "thread.text",
        "user_message.created",
        "user_message.added",
        "assistant_message.start",
        "assistant_message.added",
        "assistant_message.delta",
        "assistant_message.chunk",
        "assistant_message.content",
        "assistant_message.text_delta",
        "assistant_message.done",
        "assistant_message.completed",
        "assistant_message.end",
        "item.created",
        "item.added",
        "item.updated",
        "item.delta",
        "item.done",
        "item.completed",
        "chatkit.message",
        "chatkit.message.delta",
        "chatkit.message.done",
        "chatkit.delta",
        "chatkit.done",
        "chatkit.text",
    ),
)
