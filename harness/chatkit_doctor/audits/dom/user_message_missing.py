"""Whether what the user sent was ever shown in the conversation."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, absent
from chatkit_doctor.audits.dom.visible_turns import came_later, ended_turns, put_up, users_of
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import Step


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per message that was never shown, or stands where no animation frame shows it."""
    for turn in ended_turns(recording):
        if not put_up(recording, turn) and not came_later(recording, turn):
            yield Failure(_evidence(recording, turn), turn=turn.turn, t_ms=turn.closed_ms)


def _evidence(recording: Recording, turn: Step) -> tuple[Evidence, ...]:
    gone = f"{quoted_message(turn.text)} is not on screen at the end of the turn"
    unseen = next(users_of(recording, turn), None)
    if unseen is None:
        return (absent(turn.closed_ms, f"{gone} and was never in the DOM"),)
    hidden = Evidence(unseen.appeared_n, unseen.appeared_ms, "it is in the DOM, and no frame shows it")
    return (hidden, absent(turn.closed_ms, gone))


AUDIT = Audit(
    id="user-message-missing",
    passes="Every sent message was shown.",
    why="The user's message is not in the conversation and never was.",
    fix="Find out why the component accepts no message: the frame is gone, the thread is closed, or the "
    "panel shows nothing.",
    judge=judge,
    needs=(DomState, StepBegin),
)
