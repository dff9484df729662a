"""The AG-UI protocol: event types in capitals."""

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

_OWN: Final = re.compile(
    r"(RUN_(STARTED|FINISHED|ERROR)|STEP_(STARTED|FINISHED)|TEXT_MESSAGE_(START|CONTENT|END|CHUNK)"
    r"|TOOL_CALL_(START|ARGS|END|CHUNK|RESULT)|(STATE|MESSAGES|ACTIVITY)_(SNAPSHOT|DELTA)"
    r"|THINKING_[A-Z_]+|REASONING_[A-Z_]+|RAW|CUSTOM)$"
)


def _own(frame: Frame) -> str:
    return frame.type if _OWN.match(frame.type) else ""


DIALECT = Dialect(
    id="ag-ui",
    title="the AG-UI protocol",
    own=_own,
    meant=(
        ("RUN_STARTED", CREATED),
        ("TEXT_MESSAGE_START", BEGUN),
        ("TEXT_MESSAGE_C*", DELTA),
        ("TEXT_MESSAGE_END", REPLY),
        ("RUN_ERROR", ERROR),
        ("RUN_FINISHED", END),
        ("TOOL_CALL_*", PROGRESS),
        ("STEP_*", PROGRESS),
        ("*", NOTHING),
    ),
    names=(
        "RUN_STARTED",
        "RUN_FINISHED",
        "RUN_ERROR",
        "STEP_STARTED",
        "STEP_FINISHED",
        "TEXT_MESSAGE_START",
        "TEXT_MESSAGE_CONTENT",
        "TEXT_MESSAGE_END",
        "TEXT_MESSAGE_CHUNK",
        "TOOL_CALL_START",
        "TOOL_CALL_ARGS",
        "TOOL_CALL_END",
        "TOOL_CALL_CHUNK",
        "TOOL_CALL_RESULT",
        "STATE_SNAPSHOT",
        "STATE_DELTA",
        "MESSAGES_SNAPSHOT",
        "ACTIVITY_SNAPSHOT",
        "ACTIVITY_DELTA",
        "THINKING_START",
        "THINKING_END",
        "THINKING_TEXT_MESSAGE_START",
        "THINKING_TEXT_MESSAGE_CONTENT",
        "THINKING_TEXT_MESSAGE_END",
        "REASONING_START",
        "REASONING_MESSAGE_START",
        "REASONING_MESSAGE_CONTENT",
        "REASONING_MESSAGE_END",
        "REASONING_MESSAGE_CHUNK",
        "REASONING_END",
        "REASONING_ENCRYPTED_VALUE",
        "RAW",
        "CUSTOM",
    ),
)
