"""Whether every turn came to its end."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, absent
from chatkit_doctor.audits.dom.visible_turns import ended_turns
from chatkit_doctor.recording.entries import DomState, StepEnd
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per turn that was still under way when its time limit came."""
    line = recording.derive(timeline)
    for turn in ended_turns(recording):
        last = line.before(turn.until_ms)
        if turn.outcome == "limit" and last is not None and last.responding:
            text = f"the component is still responding when the time limit “{turn.limit}” comes"
            yield Failure((absent(turn.closed_ms, text),), turn=turn.turn, t_ms=turn.closed_ms)


AUDIT = Audit(
    id="stuck-responding",
    passes="Every turn came to its end within its time limit.",
    why="The component goes on waiting: the composer stays blocked and the turn never ends.",
    fix="End the stream once everything has been sent, and answer with a content type the component accepts.",
    judge=judge,
    needs=(DomState, StepEnd),
)
