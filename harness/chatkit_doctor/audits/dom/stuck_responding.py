"""Whether every turn ended."""

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
    "refusals": "after its request has been rejected again",
    "silence": "after the last event, when the stream has been silent for a while",
}
"""When a turn was abandoned whose end is predicted."""
_FORESEEN: Final = {
    "refusals": "The turn was still “responding” after its request was rejected again. The check did not "
    "wait "
    f"for the rest (--patient does): the component sends the request {RULES.requests.attempts} times in all, "
    "so the backend gets the message that many times, and then the start screen returns silently.",
    "silence": "The turn was still “responding” after the last event, when the stream had been silent for a "
    "while. It stays so until the stream closes; the check did not wait for that (--patient does).",
}
"""What the user sees, and what will come of it."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per turn that was still under way when its time limit came."""
    line = recording.derive(timeline)
    for turn in ended_turns(recording):
        last = line.before(turn.until_ms)
        if turn.outcome == "limit" and last is not None and last.responding:
            when = _STILL.get(turn.limit or "") or f"when the time limit “{turn.limit}” is reached"
            yield Failure(
                (absent(turn.closed_ms, f"the component is still responding {when}"),),
                turn=turn.turn,
                t_ms=turn.closed_ms,
                title=_FORESEEN.get(turn.limit or "", ""),
            )


AUDIT = Audit(
    id="stuck-responding",
    passes="Every turn ended within its time limit.",
    why="The component keeps waiting: the composer stays disabled and the turn never ends.",
    fix="Close the stream once everything has been sent, and respond with a content type the component "
    "accepts.",
    judge=judge,
    needs=(DomState, StepEnd),
)
