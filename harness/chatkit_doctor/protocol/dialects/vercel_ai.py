"""Vercel's AI SDK: the UI message stream (server-sent events), the older data stream (``0:"text"`` lines)."""

from __future__ import annotations

import re
from typing import Final

from chatkit_doctor.protocol.dialects.dialect import (
    BEGUN,
    DELTA,
    END,
    ERROR,
    NOTHING,
    PROGRESS,
    REPLY,
    Dialect,
    Frame,
)

_OWN: Final = re.compile(
    r"(text|reasoning)-(start|delta|end)$|(start|finish)-step$|tool-(input|output)-[a-z-]+$"
    r"|source-(url|document)$|message-metadata$|data-[a-z]"
)
_AMBIGUOUS: Final = {"start", "finish", "abort"}
_DATA_STREAM_LINE: Final = re.compile(r'[0-9a-k]:["{\[\d]')


def _own(frame: Frame) -> str:
    if _OWN.match(frame.type):
        return frame.type
    if frame.type in _AMBIGUOUS and set(frame.object) <= {"type", "messageId", "messageMetadata", "reason"}:
        return frame.type
    if frame.value is None and _DATA_STREAM_LINE.match(frame.data):
        return f"{frame.data[0]}:"
    return ""


DIALECT = Dialect(
    id="vercel-ai",
    title="Vercel's AI SDK",
    own=_own,
    meant=(
        ("text-start", BEGUN),
        ("text-delta", DELTA),
        ("text-end", REPLY),
        ("0:", DELTA),
        ("3:", ERROR),
        ("[de]:", END),
        ("f:", BEGUN),
        ("finish", END),
        ("start*", NOTHING),
        ("reasoning-*", PROGRESS),
        ("tool-*", PROGRESS),
        ("*", NOTHING),
    ),
    names=(
        "start",
        "text-start",
        "text-delta",
        "text-end",
        "reasoning-start",
        "reasoning-delta",
        "reasoning-end",
        "source-url",
        "source-document",
        "start-step",
        "finish-step",
        "finish",
        "abort",
        "message-metadata",
        "tool-input-start",
        "tool-input-delta",
        "tool-input-available",
        "tool-input-error",
        "tool-output-available",
        "tool-output-error",
        "tool-output-denied",
        "tool-approval-request",
    ),
)
