"""Whether the component bore as many events as came at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, seen
from chatkit_doctor.audits.failure_modes import TURN_CRASHES
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.entries import ComponentError, ComponentEvent, Entry, SsePosted
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import State, timeline

LIMIT: Final = 50
"""React's own limit of updates that follow from one another; the component makes one for each text delta."""
INSTANT_MS: Final = 500.0
"""How long before the error so many events came. In peace each has a frame of its own: 30 in this time."""
AFTER_MS: Final = 1_000.0
"""How long after the error the panel may still be drawn."""
_TOO_MANY: Final = re.compile(r"Minified React error #185\b|Maximum update depth exceeded")


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for each panel that a burst of events took down.

    Measured: from the 52nd text delta of one instant on, the component throws in its event handler over and
    over ("Error handling thread event"), and loses nothing by it: the text is whole as soon as the item is
    done. Where the limit is met outside the handler, at the end of a stream whose item was never done, the
    whole panel goes blank.
    """
    line = recording.derive(timeline)
    posted = recording.of(SsePosted)
    for error in recording.of(ComponentError):
        if not _TOO_MANY.search(error.data.message):
            continue
        burst = [e for e in posted if error.t - INSTANT_MS <= e.t <= error.t]
        after = line.between(error.t, error.t + AFTER_MS)
        blank = next((state for state in after if state.empty), None)
        if len(burst) >= LIMIT and blank is not None:
            yield _failure(error, burst, blank, line.turn_at(error.t))


def _failure(
    error: Entry[ComponentError], burst: list[Entry[SsePosted]], blank: State, turn: int | None
) -> Failure:
    took_ms = burst[-1].t - burst[0].t
    return Failure(
        (
            seen(burst[-1], f"{len(burst)} events reached the component within {took_ms:.0f} ms"),
            seen(error, f"the component throws {quoted(error.data.message)}"),
            Evidence(blank.n, blank.t, "the panel is empty"),
        ),
        turn=turn,
        t_ms=error.t,
        why=f"{len(burst)} events arrived within {took_ms:.0f} ms. The component re-renders for each text "
        f"delta, and React stops at {LIMIT} nested updates: the whole panel goes blank and stays blank.",
        details={"events": len(burst), "ms": round(took_ms, 1)},
    )


AUDIT = Audit(
    id="event-burst",
    passes="No burst of events crashed the panel.",
    why="More text deltas arrived at once than the component can handle: it threw, and the panel went blank.",
    fix="Batch deltas: collect the text of 30 to 50 ms and send it as a single content_part.text_delta. "
    "Finish the item with thread.item.done: then nothing is lost, however many deltas arrive at once.",
    judge=judge,
    needs=(ComponentEvent,),
    explains=TURN_CRASHES,
)
