"""What the streams of OpenAI's other interfaces say: Responses, Assistants, Realtime, Chat Completions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from chatkit_doctor.protocol.correction.steps import (
    Delta,
    Ended,
    FullText,
    Reader,
    Started,
    Step,
    failure,
    part_of,
    string,
    text_in,
    using,
)
from chatkit_doctor.protocol.dialects.dialect import Frame
from chatkit_doctor.protocol.events import member
from chatkit_doctor.protocol.payload import JsonObject

_DELTAS: Final = frozenset({"response.output_text.delta", "response.text.delta", "response.refusal.delta"})
_WHOLES: Final = frozenset({"response.output_text.done", "response.text.done", "response.refusal.done"})
_ENDS: Final = frozenset({"response.completed", "response.done", "response.incomplete"})


def responses(frame: Frame) -> Iterator[Step]:
    """The Responses API: text by item and content index; the last event repeats the whole output."""
    event, name = frame.object, frame.type or frame.name
    key, part = string(event.get("item_id")), part_of(event)
    item = member(event, "item")
    if name in _DELTAS:
        yield Delta(text_in(event.get("delta")), key, part)
    elif name in _WHOLES:
        yield FullText(text_in(event), key, part)
    elif name == "response.content_part.done":
        yield FullText(text_in(event.get("part")), key, part)
    elif name == "response.output_item.added":
        if item.get("type", "message") == "message":
            yield Started(string(item.get("id")))
        yield from using(item.get("name"))
    elif name == "response.output_item.done":
        yield from _message(item)
    elif name in {"response.failed", "response.error"}:
        yield failure(event)
    elif name in _ENDS:
        output = member(event, "response").get("output")
        for each in output if isinstance(output, list) else []:
            if isinstance(each, Mapping):
                yield from _message(each)


def realtime(frame: Frame) -> Iterator[Step]:
    """The Realtime API: what is spoken is told by its transcript."""
    event, name = frame.object, frame.type or frame.name
    key, part = string(event.get("item_id")), part_of(event)
    if name.startswith("response.") and name.endswith("transcript.delta"):
        yield Delta(text_in(event.get("delta")), key, part)
    elif name.startswith("response.") and name.endswith("transcript.done"):
        yield FullText(text_in(event.get("transcript")), key, part)
    elif name.startswith("conversation.item."):
        yield from _message(member(event, "item"))


def assistants(frame: Frame) -> Iterator[Step]:
    """The Assistants API: the name of the frame says what happens, ``id`` to which message."""
    event, name = frame.object, frame.type or frame.name or string(frame.object.get("object"))
    key = string(event.get("id"))
    if name.startswith("thread.message") and string(event.get("role")) in {"user", "human"}:
        return
    if name == "thread.message.delta":
        yield from _parts(member(event, "delta").get("content"), key, Delta)
    elif name in {"thread.message.created", "thread.message.in_progress"}:
        yield Started(key)
        yield from _parts(event.get("content"), key, FullText)
    elif name.startswith("thread.message"):
        yield from _parts(event.get("content"), key, FullText)
        yield Ended(key)
    elif name in {"thread.run.failed", "thread.run.expired", "error"}:
        yield failure(event)


def chat_completions(frame: Frame) -> Iterator[Step]:
    """Chat Completions: the first choice. Some servers give each chunk its own id, so ids are ignored."""
    choices = frame.object.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(first, Mapping):
        return
    delta, whole = member(first, "delta"), member(first, "message")
    calls = delta.get("tool_calls")
    for call in calls if isinstance(calls, list) else []:
        if isinstance(call, Mapping):
            yield from using(member(call, "function").get("name"))
    if text := text_in(delta.get("content")) or text_in(delta.get("refusal")) or text_in(first.get("text")):
        yield Delta(text)
    if text := text_in(whole.get("content")):
        yield FullText(text)
    if first.get("finish_reason"):
        yield Ended()


def _message(item: JsonObject) -> Iterator[Step]:
    """A whole item; those of the user and those that are not messages say nothing."""
    if string(item.get("role")) in {"user", "human", "system"} or item.get("type", "message") != "message":
        return
    yield from _parts(item.get("content"), string(item.get("id")), FullText)


def _parts(content: object, key: str, kind: type[Delta] | type[FullText]) -> Iterator[Step]:
    parts = content if isinstance(content, list) else [content]
    for number, part in enumerate(parts):
        if text := text_in(part):
            index = part_of(part, "index", number) if isinstance(part, Mapping) else number
            yield kind(text, key, index)


READERS: Final[Mapping[str, Reader]] = {
    "responses": responses,
    "realtime": realtime,
    "assistants": assistants,
    "chat-completions": chat_completions,
}
"""The readers of this module by the dialect's id."""
