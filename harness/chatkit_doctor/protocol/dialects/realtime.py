"""The server events of OpenAI's Realtime API; ``conversation.item.*`` is its kind of item."""

from __future__ import annotations

import re
from typing import Final

from chatkit_doctor.protocol.dialects.dialect import CREATED, DELTA, END, NOTHING, REPLY, USER, Dialect, Frame

_OWN: Final = re.compile(
    r"(session|transcription_session|conversation|input_audio_buffer|output_audio_buffer|rate_limits)\.\w"
    r"|response\.(audio|output_audio)\w*[._]"
)


def _own(frame: Frame) -> str:
    name = frame.type or frame.name
    return name if _OWN.match(name) else ""


DIALECT = Dialect(
    id="realtime",
    title="OpenAI's Realtime API",
    own=_own,
    meant=(
        ("conversation.created", CREATED),
        ("conversation.item.*", f"{USER}, or {REPLY}"),
        ("*transcript.delta", DELTA),
        ("*transcript.done", REPLY),
        ("response.*.done", END),
        ("*", NOTHING),
    ),
)
