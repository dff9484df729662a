"""The events of a good turn, as PyPI openai-chatkit sends them for a streamed assistant message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from chatkit_doctor.scenario.frames import GoodTurn

_REPLY: Final = frozenset(
    {"assistant.added", "content_part.added", "text_delta", "content_part.done", "assistant.done"}
)


def good_turn(
    turn: GoodTurn, *, op: str, thread_id: str, number: int, message: str
) -> Iterator[tuple[int, Any]]:
    """Pairs of (delay before it in ms, event).

    A new thread is announced first; a later turn begins at the user's own message. The reply is streamed
    word by word over ``stream_ms``.
    """
    reply = turn.reply
    words = [word + " " for word in reply.split(" ")]
    words[-1] = words[-1].rstrip()
    delay = turn.stream_ms // max(1, len(words))
    user_id, reply_id = f"msg_user_{number}", f"msg_reply_{number}"
    left_out = set(turn.without) | (_REPLY if "reply" in turn.without else frozenset())

    def base(item_id: str, kind: str) -> dict[str, Any]:
        return {"id": item_id, "thread_id": thread_id, "created_at": _now(), "type": kind}

    def part(text: str) -> dict[str, Any]:
        return {"type": "output_text", "text": text, "annotations": []}

    def update(**fields: Any) -> dict[str, Any]:
        return {"type": "thread.item.updated", "item_id": reply_id, "update": {"content_index": 0, **fields}}

    user = base(user_id, "user_message") | {
        "content": [{"type": "input_text", "text": message}],
        "attachments": [],
        "inference_options": {},
    }
    assistant = base(reply_id, "assistant_message")
    prefix = "assistant_message.content_part"
    sequence: list[tuple[str, int, dict[str, Any]]] = []
    if op == "threads.create":
        thread = {"id": thread_id, "created_at": _now(), "status": {"type": "active"}, "metadata": {}}
        thread["items"] = {"data": [], "has_more": False}
        sequence.append(("thread.created", 0, {"type": "thread.created", "thread": thread}))
    sequence += [
        ("user.done", 0, {"type": "thread.item.done", "item": user}),
        ("stream_options", 0, {"type": "stream_options", "stream_options": {"allow_cancel": True}}),
        ("assistant.added", 0, {"type": "thread.item.added", "item": assistant | {"content": []}}),
        ("content_part.added", 0, update(type=f"{prefix}.added", content=part(""))),
        *(("text_delta", delay, update(type=f"{prefix}.text_delta", delta=word)) for word in words),
        ("content_part.done", 0, update(type=f"{prefix}.done", content=part(reply))),
        ("assistant.done", 0, {"type": "thread.item.done", "item": assistant | {"content": [part(reply)]}}),
    ]
    return ((delay_ms, event) for name, delay_ms, event in sequence if name not in left_out)


def _now() -> str:
    # Without a zone, as the SDK writes it.
    return datetime.now(UTC).replace(tzinfo=None).isoformat()
