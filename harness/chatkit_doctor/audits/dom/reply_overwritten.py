"""Whether earlier replies were left as they were."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.dom.replaced import was_replaced
from chatkit_doctor.audits.dom.visible_turns import answers_of, ended_turns, overwrites
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.messages import Message
from chatkit_doctor.recording.views.timeline import Timeline, timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reply that says something else after its turn than at its end."""
    line = recording.derive(timeline)
    for turn in ended_turns(recording):
        for message in answers_of(recording, turn):
            if overwrites(message, turn):
                before, after = message.text_at(turn.until_ms), message.wordings[-1]
                if was_replaced(recording, message, after.t) or _is_used(line, message, after.t):
                    continue
                evidence = (
                    Evidence(
                        message.appeared_n,
                        turn.until_ms,
                        f"at the end of its turn the reply is {quoted_message(before)}",
                    ),
                    Evidence(after.n, after.t, f"it has been replaced by {quoted_message(after.text)}"),
                )
                details = {"in_turn": line.turn_at(after.t)}
                yield Failure(evidence, turn=turn.turn, t_ms=after.t, details=details)


def _is_used(line: Timeline, message: Message, t: float) -> bool:
    """Whether the person used it: a widget may say something else once its button is pressed."""
    by_person = any(step.uses_control and step.holds(t) for step in line.steps)
    return message.kind in {"widget", "structured-input"} and by_person


AUDIT = Audit(
    id="reply-overwritten",
    passes="No reply was changed by a later turn.",
    why="A later reply replaced an earlier one: the component keeps one item per id.",
    fix="Give every item a unique id, in every turn.",
    judge=judge,
    needs=(DomState, StepBegin),
)
