"""Whether the component could render every turn."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.dom.visible_turns import watched
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import DomState
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import Step, Timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per step in which the component's fallback came up."""
    line = watched(recording)
    for step in line.steps:
        found = _first_crash(line, step)
        if found is not None:
            yield Failure((found,), turn=step.turn, t_ms=found.t_ms)


def _first_crash(line: Timeline, step: Step) -> Evidence | None:
    before = line.before(step.begin_ms)
    known = sum(alert.kind == "crash" for alert in before.alerts) if before else 0
    for state in line.between(step.begin_ms, step.until_ms):
        crashes = [alert for alert in state.alerts if alert.kind == "crash"]
        if len(crashes) > known or (crashes and step.do == "reload"):
            return Evidence(
                state.n, state.t, f"the component shows {quoted_message(crashes[-1].text)} in place of a turn"
            )
        known = min(known, len(crashes))
    return None


AUDIT = Audit(
    id="turn-crashed",
    passes="The component rendered every turn.",
    why="The component failed to render a turn and shows its own fallback instead.",
    fix="Check the console error at that moment: it names what could not be rendered.",
    judge=judge,
    needs=(DomState,),
)
