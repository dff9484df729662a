"""What the driver waits on."""

from __future__ import annotations

import math

import pytest

from chatkit_doctor.gather.session_state import SessionState
from chatkit_doctor.recording.entries import FrameAsset
from chatkit_doctor.recording.journal import Clock


def asset(*, status: int | None = 200, error: str = "", kind: str = "script") -> FrameAsset:
    url = "https://cdn.platform.openai.com/assets/ck1/icon.js"
    return FrameAsset(url=url, status=status, error=error, type=kind, bytes=None, mime="")


@pytest.mark.parametrize(
    "lost",
    [asset(status=404), asset(status=403, kind="stylesheet"), asset(status=None, error="net::ERR_FAILED")],
)
def test_a_part_of_the_component_that_cannot_be_had_is_noted(lost: FrameAsset) -> None:
    state = SessionState(Clock())
    state.on_entry(120.0, lost)
    assert state.part_lost_ms == 120.0


@pytest.mark.parametrize(
    "other", [asset(), asset(status=404, kind="image"), asset(status=None, error="net::ERR_ABORTED")]
)
def test_what_comes_is_decoration_or_is_given_up_is_no_lost_part(other: FrameAsset) -> None:
    state = SessionState(Clock())
    state.on_entry(120.0, other)
    assert state.part_lost_ms == -math.inf
