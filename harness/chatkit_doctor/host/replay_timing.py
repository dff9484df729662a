"""How long a replayed answer waits: as the recorded one did, or in less time and in the same manner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.host.body import Ending, Piece, Wait
from chatkit_doctor.vocabulary import STREAMING_OPS

HELD_BACK_FROM_MS: Final = 1_500.0
"""A first byte that is waited for as long as this is one that something may have held back."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Limits of waits, in ms; None: they stay as they were.

    What came live comes live in less time, and what was held back is held back.
    """

    wait_ms: float | None = None
    """The longest wait, but for a stream that was held back."""
    held_back_ms: float | None = None
    """How long such a stream is held back."""
    body_ms: float | None = None
    """The longest that a body takes from its first byte to its last."""

    def before(self, call: Call) -> float:
        """The time before anything comes, the status included."""
        first = call.chunks[0].t_ms if call.chunks else call.ended_ms
        waited = max(0.0, (call.answered_ms or first) - call.t_ms)
        is_held_back = call.op in STREAMING_OPS and first - call.t_ms >= HELD_BACK_FROM_MS
        if is_held_back and self.held_back_ms is not None:
            return self.held_back_ms
        return self._shortened(waited)

    def pieces(self, call: Call) -> Iterator[Piece]:
        """The body with its waits and its ending."""
        times = [chunk.t_ms for chunk in call.chunks]
        if times and self.held_back_ms is None and call.answered_ms:
            yield Wait(max(0.0, times[0] - call.answered_ms))
        waits = [self._shortened(max(0.0, after - before)) for before, after in pairwise(times)]
        took = sum(waits)
        scale = 1.0 if self.body_ms is None or took <= self.body_ms else self.body_ms / took
        for chunk, wait in zip(call.chunks, [0.0, *waits], strict=False):
            if wait:
                yield Wait(wait * scale)
            yield chunk.data
        if call.how in {"open", "aborted"}:
            yield Ending("hang")
            return
        if times:
            yield Wait(self._shortened(max(0.0, call.ended_ms - times[-1])))
        yield Ending("close" if call.how == "finished" else "cut")

    def _shortened(self, wait: float) -> float:
        return wait if self.wait_ms is None else min(wait, self.wait_ms)


REAL: Final = Timing()
COMPRESSED: Final = Timing(wait_ms=60.0, held_back_ms=1_600.0, body_ms=800.0)
"""A wait of 60 ms is long enough to be painted, and for each word to come by itself: nothing is judged of the
pace of such a replay."""
