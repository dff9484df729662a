"""Whether a conversation that had begun was dropped."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.dom.visible_turns import ended_turns, left_component
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import DomState
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import State, Step, timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per message after which the start screen stood there again."""
    for turn in ended_turns(recording):
        back = _returned(recording, turn)
        if back is not None:
            evidence = Evidence(
                back.n, back.t, f"the start screen is back after {quoted_message(turn.text)} was sent"
            )
            yield Failure((evidence,), turn=turn.turn, t_ms=back.t)


def _returned(recording: Recording, turn: Step) -> State | None:
    """The state with which the start screen came back permanently, if it did."""
    line = recording.derive(timeline)
    states = [state for state in line.states if turn.begin_ms <= state.t < turn.settled_ms]
    painted = [state for state in states if state.painted]
    last = line.before(turn.settled_ms)
    if last is None or last.view != "start":
        return None
    # A chat that is hidden is painted no more: what it then shows is in the DOM alone.
    if states and states[-1].view != "start":
        return None
    # A message that was ignored never left the start screen; that is another symptom.
    if not any(state.view == "thread" for state in states) and not left_component(recording, turn):
        return None
    away = [place for place, state in enumerate(painted) if state.view != "start"]
    back = painted[away[-1] + 1 :] if away else painted
    return back[0] if back else last


AUDIT = Audit(
    id="start-screen-returned",
    passes="No conversation was dropped after it started.",
    why="The component dropped the conversation and shows the start screen again, as if nothing had been "
    "sent.",
    fix="A new thread persists only if its stream announces it with thread.created; the cause says what "
    "was sent instead.",
    judge=judge,
    needs=(DomState,),
)
