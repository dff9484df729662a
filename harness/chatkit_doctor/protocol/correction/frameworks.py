"""What the streams of other vendors and frameworks say: Vercel, AG-UI, Anthropic, LangGraph."""

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
from chatkit_doctor.protocol.payload import parse_json

_ASSISTANTS: Final = frozenset({"ai", "assistant", "AIMessage", "AIMessageChunk"})


def vercel_ai(frame: Frame) -> Iterator[Step]:
    """The UI message stream by type; a line of the older data stream by the letter before its colon."""
    event, kind = frame.object, frame.type
    if not kind and frame.value is None:
        yield from _data_stream_line(frame.data)
    elif kind == "text-start":
        yield Started(string(event.get("id")))
    elif kind == "text-delta":
        yield Delta(text_in(event.get("delta") or event.get("textDelta")), string(event.get("id")))
    elif kind == "text-end":
        yield Ended(string(event.get("id")))
    elif kind == "tool-input-start":
        yield from using(event.get("toolName"))


def ag_ui(frame: Frame) -> Iterator[Step]:
    """AG-UI: text by ``messageId``; a snapshot of the messages ends with the newest."""
    event, kind = frame.object, frame.type
    key = string(event.get("messageId"))
    if kind == "TEXT_MESSAGE_START":
        yield Started(key)
    elif kind in {"TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_CHUNK"}:
        yield Delta(text_in(event.get("delta")), key)
    elif kind == "TEXT_MESSAGE_END":
        yield Ended(key)
    elif kind == "TOOL_CALL_START":
        yield from using(event.get("toolCallName"))
    elif kind == "RUN_ERROR":
        yield failure(event)
    elif kind == "MESSAGES_SNAPSHOT":
        yield from _newest(event.get("messages"))


def anthropic_messages(frame: Frame) -> Iterator[Step]:
    """Anthropic's Messages API: text by the index of its block; thinking and tool input are not said."""
    event, kind = frame.object, frame.type
    delta, block = member(event, "delta"), member(event, "content_block")
    if kind == "message_start":
        yield Started(string(member(event, "message").get("id")))
    elif kind == "content_block_start":
        if block.get("type") == "tool_use":
            yield from using(block.get("name"))
        elif text := text_in(block.get("text")):
            yield Delta(text, part=part_of(event, "index"))
    elif kind == "content_block_delta" and delta.get("type", "text_delta") == "text_delta":
        yield Delta(text_in(delta.get("text")), part=part_of(event, "index"))
    elif kind == "message_stop":
        yield Ended()


def langgraph(frame: Frame) -> Iterator[Step]:
    """LangGraph and LangServe: by the frame's name, by ``event``, or as patches of a run's log."""
    event, value = frame.object, frame.value
    kind = string(event.get("event")) or frame.name.partition("|")[0]
    if kind in {"on_chat_model_stream", "on_llm_stream"}:
        yield Delta(_chunk(member(event, "data").get("chunk")), string(event.get("run_id")))
    elif kind in {"on_chat_model_end", "on_llm_end"}:
        yield FullText(_chunk(member(event, "data").get("output")), string(event.get("run_id")))
        yield Ended(string(event.get("run_id")))
    elif kind == "on_tool_start":
        yield from using(event.get("name"))
    elif kind == "messages" and isinstance(value, list) and value and _is_reply(value[0]):
        yield Delta(text_in(value[0]["content"]), string(value[0].get("id")))
    elif kind in {"messages/partial", "messages/complete"}:
        yield from _newest(value)
    elif kind == "values":
        yield from _newest(event.get("messages"))
    elif kind == "updates":
        for node in event.values():
            yield from _newest(node.get("messages") if isinstance(node, Mapping) else None)
    elif not kind:
        yield from _patches(event.get("ops"))


def _data_stream_line(line: str) -> Iterator[Step]:
    letter, _, rest = line.partition(":")
    try:
        value = parse_json(rest)
    except ValueError:
        return
    if letter == "0":
        yield Delta(text_in(value))
    elif letter == "3":
        yield failure({"error": value})
    elif letter == "9" and isinstance(value, Mapping):
        yield from using(value.get("toolName"))
    elif letter == "d":
        yield Ended()


def _newest(messages: object) -> Iterator[Step]:
    """The last of a list of messages where it is the assistant's: the others are the conversation so far."""
    last = messages[-1] if isinstance(messages, list) and messages else messages
    if isinstance(last, Mapping) and _is_reply(last) and (text := text_in(last.get("content"))):
        yield FullText(text, string(last.get("id")))


def _is_reply(message: object) -> bool:
    if not isinstance(message, Mapping) or "content" not in message:
        return False
    named = [message[key] for key in ("role", "type") if key in message]
    return not named or any(string(name) in _ASSISTANTS for name in named)


def _chunk(value: object) -> str:
    """The text of a message chunk, plain or as LangChain serializes its objects."""
    if isinstance(value, Mapping) and isinstance(value.get("kwargs"), Mapping):
        value = value["kwargs"]
    return text_in(value)


def _patches(operations: object) -> Iterator[Step]:
    for patch in operations if isinstance(operations, list) else []:
        path = string(patch.get("path")) if isinstance(patch, Mapping) else ""
        # The same tokens come again under /logs/…/streamed_output.
        if path == "/streamed_output/-":
            yield Delta(_chunk(patch.get("value")))
        elif path == "/final_output":
            yield FullText(_chunk(patch.get("value")))


READERS: Final[Mapping[str, Reader]] = {
    "vercel-ai": vercel_ai,
    "ag-ui": ag_ui,
    "anthropic-messages": anthropic_messages,
    "langgraph": langgraph,
}
"""The readers of this module by the dialect's id."""
