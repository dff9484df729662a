"""Whether every turn came to its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, absent
from chatkit_doctor.audits.dom.visible_turns import ended_turns
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.recording.entries import DomState, StepEnd
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import timeline

_STILL: Final = {
    "refusals": "when its request has been refused again",
    "silence": "when all is said, and the stream has been silent for a while",
}
"""When a turn was given up whose end is foreseen."""
_FORESEEN: Final = {
    "refusals": "The turn was still “responding” when its request had been refused again. The rest was "
    f"not waited for (--patient does): the component sends it {RULES.requests.attempts} times in all, so "
    "that the backend gets the message as often, and then the start screen returns without a word.",
    "silence": "The turn was still “responding” when all had been said and the stream had been silent for a "
    "while. It will be as long as the stream is open; that was not waited for (--patient does).",
}
"""What the person sees, and what will come of it."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per turn that was still under way when its time limit came."""
    line = recording.derive(timeline)
    for turn in ended_turns(recording):
        last = line.before(turn.until_ms)
        if turn.outcome == "limit" and last is not None and last.responding:
            when = _STILL.get(turn.limit or "") or f"when the time limit “{turn.limit}” comes"
            yield Failure(
                (absent(turn.closed_ms, f"the component is still responding {when}"),),
                turn=turn.turn,
                t_ms=turn.closed_ms,
                title=_FORESEEN.get(turn.limit or "", ""),
            )


AUDIT = Audit(
    id="stuck-responding",
    passes="Every turn came to its end within its time limit.",
    why="The component goes on waiting: the composer stays blocked and the turn never ends.",
    fix="End the stream once everything has been sent, and answer with a content type the component accepts.",
    judge=judge,
    needs=(DomState, StepEnd),
)
