"""The streaming events of OpenAI's Responses API."""

from __future__ import annotations

from chatkit_doctor.protocol.dialects.dialect import (
    BEGUN,
    CREATED,
    DELTA,
    END,
    ERROR,
    NOTHING,
    PART,
    PART_DONE,
    PROGRESS,
    REPLY,
    Dialect,
    Frame,
)


def _own(frame: Frame) -> str:
    name = frame.type or frame.name
    return name if name.startswith("response.") else ""


DIALECT = Dialect(
    id="responses",
    title="OpenAI's Responses API",
    own=_own,
    meant=(
        ("response.output_item.added", BEGUN),
        ("response.content_part.added", PART),
        ("response.output_text.delta", DELTA),
        ("response.text.delta", DELTA),
        ("response.output_text.done", PART_DONE),
        ("response.text.done", PART_DONE),
        ("response.content_part.done", PART_DONE),
        ("response.output_item.done", REPLY),
        ("response.failed", ERROR),
        ("response.error", ERROR),
        ("response.created", CREATED),
        ("response.completed", END),
        ("response.done", END),
        ("response.in_progress", NOTHING),
        ("response.*", PROGRESS),
    ),
)
