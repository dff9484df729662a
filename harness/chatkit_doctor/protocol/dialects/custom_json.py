"""JSON of the backend's own making: ``{"text": …}``, ``{"type": "token", "content": …}`` and the like."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.protocol.dialects.dialect import DELTA, END, REPLY, Dialect, Frame
from chatkit_doctor.protocol.events import EVENT_TYPES, ITEM_TYPES

CONTENT_KEYS: Final = (
    "text",
    "content",
    "delta",
    "token",
    "chunk",
    "message",
    "response",
    "answer",
    "reply",
    "output",
    "data",
    "result",
)
"""Fields that may hold the text of a reply, the most likely first."""


def _own(frame: Frame) -> str:
    if frame.type in EVENT_TYPES or frame.type in ITEM_TYPES:
        return ""
    key = next((key for key in CONTENT_KEYS if isinstance(frame.object.get(key), str | dict | list)), "")
    if not key:
        return ""
    return frame.type or frame.name or key


DIALECT = Dialect(
    id="home-made",
    title="a custom JSON format",
    own=_own,
    meant=(
        ("*done*", END),
        ("*end*", END),
        ("*", f"{DELTA} while the text is produced, then {REPLY}"),
    ),
    names=(*CONTENT_KEYS, "content_delta", "text_chunk", "stream", "final", "complete", "done", "end"),
)
