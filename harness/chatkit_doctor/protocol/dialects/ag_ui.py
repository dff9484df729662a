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
)
