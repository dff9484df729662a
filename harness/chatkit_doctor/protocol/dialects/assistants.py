"""The streaming events of OpenAI's Assistants API: named server-sent events with ``object`` in the data."""

from __future__ import annotations

import re
from typing import Final

from chatkit_doctor.protocol.dialects.dialect import (
    BEGUN,
    CREATED,
    DELTA,
    END,
    ERROR,
    NOTHING,
    PROGRESS,
    REPLY,
    Dialect,
    Frame,
)

_OWN: Final = re.compile(r"thread\.(message|run)(\.|$)")
_OBJECTS: Final = re.compile(r"thread(\.(message|run)(\.\w+)*)?$")


def _own(frame: Frame) -> str:
    for name in (frame.type, frame.name):
        if _OWN.match(name):
            return name
    kind = frame.object.get("object")
    if frame.type or not isinstance(kind, str) or not _OBJECTS.match(kind):
        return ""
    return frame.name or kind


DIALECT = Dialect(
    id="assistants",
    title="OpenAI's Assistants API",
    own=_own,
    meant=(
        ("thread.created", f"{CREATED}: `type` in the data, the thread under the key `thread`"),
        ("thread", CREATED),
        ("thread.message.created", BEGUN),
        ("thread.message.in_progress", NOTHING),
        ("thread.message.delta", DELTA),
        ("thread.message.completed", REPLY),
        ("thread.message", REPLY),
        ("thread.message.incomplete", ERROR),
        ("thread.run.failed", ERROR),
        ("thread.run.completed", END),
        ("thread.run.*", PROGRESS),
        ("thread.run", NOTHING),
    ),
    names=(
        "thread.run.created",
        "thread.run.queued",
        "thread.run.in_progress",
        "thread.run.requires_action",
        "thread.run.completed",
        "thread.run.incomplete",
        "thread.run.failed",
        "thread.run.cancelling",
        "thread.run.cancelled",
        "thread.run.expired",
        "thread.run.step.created",
        "thread.run.step.in_progress",
        "thread.run.step.delta",
        "thread.run.step.completed",
        "thread.run.step.failed",
        "thread.run.step.cancelled",
        "thread.run.step.expired",
        "thread.message.created",
        "thread.message.in_progress",
        "thread.message.delta",
        "thread.message.completed",
        "thread.message.incomplete",
        "thread.message",
        "thread.run",
        "thread",
    ),
)
