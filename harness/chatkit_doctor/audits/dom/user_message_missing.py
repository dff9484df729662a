"""Whether what the person sent was ever shown to them."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, absent
from chatkit_doctor.audits.dom.visible_turns import ended_turns, users_of
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.component.rendered_text import letters
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.messages import messages
from chatkit_doctor.recording.views.timeline import Step


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per message that no animation frame ever showed."""
    for turn in ended_turns(recording):
        if any(message.painted for message in users_of(recording, turn)) or _came_later(recording, turn):
            continue
        yield Failure(_evidence(recording, turn), turn=turn.turn, t_ms=turn.closed_ms)


def _came_later(recording: Recording, turn: Step) -> bool:
    """Whether it was shown after its turn, such as from history."""
    return any(
        m.kind == "user-message" and m.painted and m.turn is None and letters(m.text) == letters(turn.text)
        for m in recording.derive(messages)
        if m.appeared_ms >= turn.until_ms
    )


def _evidence(recording: Recording, turn: Step) -> tuple[Evidence, ...]:
    gone = f"{quoted_message(turn.text)} is not on screen at the end of the turn"
    unseen = [message for message in users_of(recording, turn) if not message.painted]
    if not unseen:
        return (absent(turn.closed_ms, f"{gone} and was never in the DOM"),)
    brief = Evidence(
        unseen[0].appeared_n, unseen[0].appeared_ms, "it was in the DOM for a moment, between two frames"
    )
    return (brief, absent(turn.closed_ms, gone))


AUDIT = Audit(
    id="user-message-missing",
    passes="Every message that was sent was shown.",
    why="What the person wrote is not in the conversation and never was.",
    fix="The stream has to confirm the message with thread.item.done and a user_message item.",
    judge=judge,
    needs=(DomState, StepBegin),
)
