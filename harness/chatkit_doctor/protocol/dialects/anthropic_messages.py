"""The streaming events of Anthropic's Messages API."""

from __future__ import annotations

import re
from typing import Final

from chatkit_doctor.protocol.dialects.dialect import BEGUN, DELTA, END, NOTHING, PART, REPLY, Dialect, Frame

_OWN: Final = re.compile(r"(message_(start|delta|stop)|content_block_(start|delta|stop))$")


def _own(frame: Frame) -> str:
    return frame.type if _OWN.match(frame.type) else ""


DIALECT = Dialect(
    id="anthropic-messages",
    title="Anthropic's Messages API",
    own=_own,
    meant=(
        ("message_start", BEGUN),
        ("content_block_start", PART),
        ("content_block_delta", DELTA),
        ("content_block_stop", NOTHING),
        ("message_delta", NOTHING),
        ("message_stop", f"{REPLY}; then {END}"),
    ),
    names=(
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ),
)
