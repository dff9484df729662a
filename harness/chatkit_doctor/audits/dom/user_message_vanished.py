"""Whether what the user sent stayed on screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.dom.visible_turns import came_later, ended_turns, put_up
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
        there = put_up(recording, turn)
        gone = [found for message in there if (found := _gone(message)) is not None]
        if not there or len(gone) < len(there):
            continue
        last = max(gone, key=lambda each: each.t)
        message = last.message
        if not message.painted and came_later(recording, turn):
            continue
        evidence = (
            Evidence(message.appeared_n, message.appeared_ms, f"{quoted_message(message.said)} appears"),
            Evidence(last.n, last.t, f"it is gone, {_after(message)}"),
        )
        details = {"in_turn": line.turn_at(last.t), "visible_ms": message.visible_ms}
        yield Failure(evidence, turn=turn.turn, t_ms=last.t, details=details)


def _after(message: Message) -> str:
    if not message.painted:
        return "before a frame showed it"
    return f"after it was visible for {message.visible_ms:.0f} ms"


def _gone(message: Message) -> _Gone | None:
    """When a message, or all that it said, was removed; None for one that is still there."""
    if message.unloaded:
        return None
    if message.vanished_ms is not None:
        return _Gone(message, message.vanished_ms, message.vanished_n)
    last = message.wordings[-1]
    return _Gone(message, last.t, last.n) if message.said and not last.text.strip() else None


AUDIT = Audit(
    id="user-message-vanished",
    passes="Every sent message stayed on screen.",
    why="The component shows a sent message immediately and removes it when the stream ends, unless the "
    "stream confirmed it.",
    fix="Confirm the message in the stream with thread.item.done and a user_message item that has a unique "
    "id.",
    judge=judge,
    needs=(DomState, StepBegin),
)
