"""Telling that a stream may never end, long before that is taken for granted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.gather.session_state import BrokeOff, SessionState
from chatkit_doctor.recording.reader import Recording

SILENT_MS: Final = 2_000
"""How long a stream that has said all may be silent until that is told. Most end within milliseconds."""

SoFar = Callable[[], Recording]
"""Makes the recording as far as it has come. May be called by any thread, and takes its time."""


@dataclass(frozen=True, slots=True)
class OnSilence:
    """Who is told: of the first silence of a session, and that it was broken after all."""

    begins: Callable[[SoFar], None]
    ends: Callable[[], None]


async def tell_of_silence(state: SessionState, told: OnSilence, so_far: Callable[[], SoFar]) -> None:
    """Tell of the first silence of a stream that has said all; goes on until it is broken.

    ``so_far`` is asked when it begins.
    """
    foreseen = state.foreseen

    def due() -> float:
        return foreseen.said_all_ms + SILENT_MS

    try:
        await state.until(lambda: state.clock.now() >= due(), math.inf, due)
        since = foreseen.said_all_ms
        told.begins(so_far())
        await state.until(lambda: foreseen.said_all_ms != since, math.inf)
        told.ends()
    except BrokeOff:
        return
