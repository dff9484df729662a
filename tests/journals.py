"""What a journal that a test writes begins with."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.recording.header import Header, RuntimeInfo, TargetInfo

HEADER: Final = Header(
    name="made/up",
    started_at="2026-01-01T00:00:00+00:00",
    tool="0",
    runtime=RuntimeInfo(name="reference", why="a test"),
    target=TargetInfo(kind="scenario"),
)
"""As a session writes it."""
