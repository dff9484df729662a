"""Whether what the person sent stayed on screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.dom.visible_turns import ended_turns, users_of
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.messages import Message
from chatkit_doctor.recording.views.timeline import timeline


@dataclass(frozen=True, slots=True)
class _Gone:
    message: Message
    t: float
    n: int


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per turn whose message was shown and is gone, other than by leaving the page."""
    line = recording.derive(timeline)
    for turn in ended_turns(recording):
        shown = [message for message in users_of(recording, turn) if message.painted]
        gone = [found for message in shown if (found := _gone(message)) is not None]
        if not shown or len(gone) < len(shown):
            continue
        last = max(gone, key=lambda each: each.t)
        said, visible_ms = last.message.said, last.message.visible_ms
        evidence = (
            Evidence(last.message.appeared_n, last.message.appeared_ms, f"{quoted_message(said)} is shown"),
            Evidence(last.n, last.t, f"it is gone, after it was visible for {visible_ms:.0f} ms"),
        )
        details = {"in_turn": line.turn_at(last.t), "visible_ms": visible_ms}
        yield Failure(evidence, turn=turn.turn, t_ms=last.t, details=details)


def _gone(message: Message) -> _Gone | None:
    """When a message, or all that it said, was taken away; None for one that is still there."""
    if message.unloaded:
        return None
    if message.vanished_ms is not None:
        return _Gone(message, message.vanished_ms, message.vanished_n)
    last = message.wordings[-1]
    return _Gone(message, last.t, last.n) if message.said and not last.text.strip() else None


AUDIT = Audit(
    id="user-message-vanished",
    passes="Every message that was sent stayed on screen.",
    why="The component shows a sent message at once and takes it away at the end of the stream, unless the "
    "stream confirmed it.",
    fix="The stream has to confirm the message with thread.item.done and a user_message item of its own id.",
    judge=judge,
    needs=(DomState, StepBegin),
)
