"""The events of ChatKit conversations, to be put together and broken by tests."""

from __future__ import annotations

from typing import Any

Event = dict[str, Any]

AT = "2026-01-01T00:00:00"
HELLO = "Hello there"
ANSWER = "Good to see you, friend."


def created(thread_id: object = "thr_1", **more: object) -> Event:
    """``thread.created``."""
    items = {"data": [], "has_more": False}
    thread = {"id": thread_id, "created_at": AT, "status": {"type": "active"}, "items": items, **more}
    return {"type": "thread.created", "thread": thread}


def user(text: str = HELLO, item_id: object = "u1", **more: object) -> Event:
    """The user's message as an item."""
    return {
        "type": "user_message",
        "id": item_id,
        "thread_id": "thr_1",
        "created_at": AT,
        "content": [{"type": "input_text", "text": text}],
        "attachments": [],
        "inference_options": {},
        **more,
    }


def reply(text: str = ANSWER, item_id: object = "a1", **more: object) -> Event:
    """The assistant's message as an item."""
    content = [{"type": "output_text", "text": text, "annotations": []}]
    base = {"id": item_id, "thread_id": "thr_1", "created_at": AT}
    return {"type": "assistant_message", **base, "content": content, **more}


def item(kind: str, item_id: str = "x1", **more: object) -> Event:
    """An item of another type."""
    return {"type": kind, "id": item_id, "thread_id": "thr_1", "created_at": AT, **more}


def done(of: Event) -> Event:
    """``thread.item.done``."""
    return {"type": "thread.item.done", "item": of}


def added(of: Event) -> Event:
    """``thread.item.added``."""
    return {"type": "thread.item.added", "item": of}


def removed(item_id: object) -> Event:
    """``thread.item.removed``."""
    return {"type": "thread.item.removed", "item_id": item_id}


def updated(update: Event, item_id: object = "a1") -> Event:
    """``thread.item.updated``."""
    return {"type": "thread.item.updated", "item_id": item_id, "update": update}


def part(item_id: object = "a1", index: object = 0, **content: object) -> Event:
    """An update that adds an empty text part."""
    text = {"type": "output_text", "text": "", "annotations": [], **content}
    kind = "assistant_message.content_part.added"
    return updated({"type": kind, "content_index": index, "content": text}, item_id)


def delta(text: str, item_id: object = "a1", index: object = 0) -> Event:
    """An update that adds text to a part."""
    kind = "assistant_message.content_part.text_delta"
    return updated({"type": kind, "content_index": index, "delta": text}, item_id)


def part_done(text: str = ANSWER, item_id: object = "a1", index: object = 0) -> Event:
    """An update that finishes a text part."""
    content = {"type": "output_text", "text": text, "annotations": []}
    kind = "assistant_message.content_part.done"
    return updated({"type": kind, "content_index": index, "content": content}, item_id)


def streamed(text: str = ANSWER, item_id: object = "a1", pieces: int = 3) -> list[Event]:
    """A reply as openai-chatkit streams it."""
    size = -(-len(text) // pieces)
    deltas = [delta(text[at : at + size], item_id) for at in range(0, len(text), size)]
    begun = added({**reply(text, item_id), "content": []})
    return [begun, part(item_id), *deltas, part_done(text, item_id), done(reply(text, item_id))]


def good(text: str = ANSWER, message: str = HELLO, turn: int = 1) -> list[Event]:
    """A whole good turn; later ones do not announce the thread."""
    first = [created(), done(user(message, f"u{turn}"))] if turn == 1 else [done(user(message, f"u{turn}"))]
    options = {"type": "stream_options", "stream_options": {"allow_cancel": True}}
    return [*first, options, *streamed(text, f"a{turn}")]


def without(value: Event, *keys: str) -> Event:
    """A copy that lacks some keys."""
    return {key: inner for key, inner in value.items() if key not in keys}
