"""What backends speak in place of ChatKit: one file per dialect."""

from __future__ import annotations

from chatkit_doctor.protocol.dialects.dialect import CARRIES_NOTHING, Dialect, Frame
from chatkit_doctor.protocol.dialects.recognition import (
    DIALECTS,
    ForeignEvent,
    Recognition,
    claim,
    line_frames,
    recognise,
    recognise_lines,
)

__all__ = [
    "CARRIES_NOTHING",
    "DIALECTS",
    "Dialect",
    "ForeignEvent",
    "Frame",
    "Recognition",
    "claim",
    "line_frames",
    "recognise",
    "recognise_lines",
]
