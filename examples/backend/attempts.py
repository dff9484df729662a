"""The streams that were written by hand: three attempts at the protocol, and one that meets it.

Each takes what is known of a turn and the pieces of the reply, and gives the body of the answer.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Turn:
    """One message, its conversation, and the pieces of the reply. ``number`` counts messages."""

    conversation: int
    number: int
    is_first: bool
    message: str
    deltas: AsyncIterator[str]

    @property
    def thread(self) -> str:
        """The conversation's id, as ChatKit writes it."""
        return str(self.conversation)


Stream = Callable[[Turn], AsyncIterator[str]]


async def attempt_1(turn: Turn) -> AsyncIterator[str]:
    """``thread.item.user_message`` and ``thread.item.assistant_message``: invented."""
    yield _data({"type": "thread.item.user_message", "item": _item(turn, "user", "input_text", turn.message)})
    text = "".join([delta async for delta in turn.deltas])
    yield _data({"type": "thread.item.assistant_message", "item": _item(turn, "assistant", "text", text)})


async def attempt_2(turn: Turn) -> AsyncIterator[str]:
    """``thread.message.*``: the Assistants API."""
    said = {"role": "user", "content": _content(turn.message), "status": "completed"}
    yield _named("thread.message.created", {**_message(turn, "user"), **said})
    reply = {**_message(turn, "assistant"), "role": "assistant"}
    yield _named("thread.message.created", {**reply, "content": [], "status": "in_progress"})
    yield _named("thread.message.in_progress", {**reply, "content": [], "status": "in_progress"})
    text = ""
    async for delta in turn.deltas:
        text += delta
        piece = {"content": [{"index": 0, "type": "text", "text": {"value": delta}}]}
        yield _named(
            "thread.message.delta",
            {"id": reply["id"], "object": "thread.message.delta", "delta": piece},
        )
    yield _named("thread.message.completed", {**reply, "content": _content(text), "status": "completed"})


async def attempt_3(turn: Turn) -> AsyncIterator[str]:
    """``conversation.item.created`` and ``response.*``: the Responses API."""
    response, item = f"resp_{turn.number}", f"item_{turn.number}"
    place = {"response_id": response, "output_index": 0}
    part = {**place, "item_id": item, "content_index": 0}
    said = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": turn.message}]}
    reply = {"id": item, "type": "message", "role": "assistant"}
    yield _data({"type": "thread.created", "thread": {"id": turn.thread}})
    user = {"id": f"msg-user-{turn.number}", **said, "status": "completed"}
    yield _data({"type": "conversation.item.created", "item": user})
    yield _data({"type": "response.created", "response": {"id": response, "status": "in_progress"}})
    yield _data({"type": "response.output_item.added", **place, "item": reply})
    yield _data({"type": "response.content_part.added", **part, "part": {"type": "text", "text": ""}})
    text = ""
    async for delta in turn.deltas:
        text += delta
        yield _data({"type": "response.text.delta", **part, "delta": delta})
    whole = {"type": "text", "text": text}
    yield _data({"type": "response.content_part.done", **part, "part": whole})
    yield _data({"type": "response.output_item.done", **place, "item": {**reply, "content": [whole]}})
    done = {"id": response, "status": "completed", "output": [{**reply, "content": [whole]}]}
    yield _data({"type": "response.done", "response": done})


async def chatkit_events(turn: Turn) -> AsyncIterator[str]:
    """What ChatKit understands, written by hand: docs/chatkit-behaviour.md has every rule."""
    now = datetime.now(UTC).isoformat()
    if turn.is_first:
        items: dict[str, object] = {"data": [], "has_more": False}
        thread = {"id": turn.thread, "created_at": now, "status": {"type": "active"}, "items": items}
        yield _data({"type": "thread.created", "thread": thread})
    common = {"thread_id": turn.thread, "created_at": now}
    asked = [{"type": "input_text", "text": turn.message}]
    said = {"type": "user_message", "content": asked, "attachments": [], "inference_options": {}}
    user = {"id": f"msg-user-{turn.number}", **common, **said}
    yield _data({"type": "thread.item.done", "item": user})
    reply = {"id": f"msg-assistant-{turn.number}", "type": "assistant_message", **common}
    yield _data({"type": "thread.item.added", "item": {**reply, "content": []}})

    def updated(kind: str, update: Mapping[str, object]) -> str:
        change = {"type": f"assistant_message.content_part.{kind}", "content_index": 0, **update}
        return _data({"type": "thread.item.updated", "item_id": reply["id"], "update": change})

    def part(text: str) -> dict[str, object]:
        return {"type": "output_text", "text": text, "annotations": []}

    yield updated("added", {"content": part("")})
    text = ""
    async for delta in turn.deltas:
        text += delta
        yield updated("text_delta", {"delta": delta})
    yield updated("done", {"content": part(text)})
    yield _data({"type": "thread.item.done", "item": {**reply, "content": [part(text)]}})


STREAMS: Final[Mapping[str, Stream]] = MappingProxyType(
    {
        "attempt-1": attempt_1,
        "attempt-2": attempt_2,
        "attempt-3": attempt_3,
        "right-events": chatkit_events,
    }
)


def _data(event: Mapping[str, object]) -> str:
    return f"data: {json.dumps(event)}\n\n"


def _named(name: str, data: Mapping[str, object]) -> str:
    return f"event: {name}\n{_data(data)}"


def _item(turn: Turn, who: str, part: str, text: str) -> dict[str, object]:
    return {
        "id": f"msg-{who}-{turn.number}",
        "type": f"{who}_message",
        "thread_id": turn.thread,
        "content": [{"type": part, "text": text}],
        "status": "completed",
        "created_at": 1234567890,
    }


def _message(turn: Turn, who: str) -> dict[str, object]:
    return {"id": f"msg-{who}-{turn.number}", "object": "thread.message"}


def _content(text: str) -> list[dict[str, object]]:
    return [{"type": "text", "text": {"value": text}}]
