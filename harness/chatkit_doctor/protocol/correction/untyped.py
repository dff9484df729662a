"""What is said in no protocol at all: invented ChatKit events, JSON of one's own, plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from chatkit_doctor.protocol.correction.steps import (
    Delta,
    Ended,
    FullText,
    Reader,
    Started,
    Step,
    Working,
    failure,
    part_of,
    string,
    text_in,
)
from chatkit_doctor.protocol.dialects import chatkit_invented
from chatkit_doctor.protocol.dialects.custom_json import CONTENT_KEYS
from chatkit_doctor.protocol.dialects.dialect import BEGUN, DELTA, REPLY, Frame
from chatkit_doctor.protocol.events import member, type_of

_ASIDE: Final = re.compile(
    r"status|progress|start|begin|init|meta|tool|heartbeat|ping|reason|think|debug|usage|session|source"
    r"|citation|title|user|created",
    re.IGNORECASE,
)
_PROGRESS: Final = re.compile(r"status|progress", re.IGNORECASE)
_FINAL: Final = re.compile(r"done|end|final|complete|finish|result|full", re.IGNORECASE)


def chatkit_invented_event(frame: Frame) -> Iterator[Step]:
    """An event whose name sounds like ChatKit's: its item, its update or its text, by what was meant."""
    event = frame.object
    name = frame.type or frame.name
    item = member(event, "item") or member(event, "message") or event
    update = member(event, "update") or event
    key = string(event.get("item_id")) or string(item.get("id"))
    part = part_of(update)
    meant = chatkit_invented.DIALECT.chatkit_event(name)
    is_users = "user" in {string(item.get("role")), name} or type_of(item) == "user_message" or "user" in name
    if is_users:
        return
    if meant == BEGUN:
        yield Started(key)
    elif name.startswith("assistant_message.content_part.") and not name.endswith("_delta"):
        yield FullText(text_in(update.get("content")), key, part)
    elif meant == DELTA:
        yield Delta(text_in(update.get("delta")) or text_in(update), key, part)
    elif meant == REPLY or type_of(item) == "assistant_message" or item.get("role") == "assistant":
        yield FullText(text_in(item), key)


def home_made(frame: Frame) -> Iterator[Step]:
    """JSON of one's own: the first field that can hold text. What is named as an aside is not said."""
    event = frame.object
    name = frame.type or frame.name
    if "error" in name.lower() or event.get("error"):
        yield failure(event)
        return
    message = member(event, "message") or event
    if string(message.get("role", "assistant")) not in {"assistant", "ai", "bot", "model"}:
        return
    text = next((text for key in CONTENT_KEYS if (text := text_in(event.get(key)))), "")
    if not text:
        return
    if _ASIDE.search(name):
        yield from [Working(text)] if _PROGRESS.search(name) else []
    elif name and _FINAL.search(name):
        yield FullText(text)
        yield Ended()
    else:
        yield Delta(text)


def plain_text(frame: Frame) -> Iterator[Step]:
    """The data as it is."""
    yield Delta(frame.data)


READERS: Final[Mapping[str, Reader]] = {
    "chatkit-invented": chatkit_invented_event,
    "home-made": home_made,
    "plain-text": plain_text,
}
"""The readers of this module by the dialect's id."""
