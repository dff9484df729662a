"""Whether replies stayed on screen."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.dom.replaced import was_replaced
from chatkit_doctor.audits.dom.visible_turns import REPLY_KINDS, answers_of, ended_turns
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.messages import Message
from chatkit_doctor.recording.views.timeline import TEXTLESS_KINDS, timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reply that was shown and is gone, or whose text was wiped."""
    line = recording.derive(timeline)
    for turn in ended_turns(recording):
        for message in answers_of(recording, turn):
            gone = _gone(message) if message.kind in REPLY_KINDS else None
            if gone is not None and not was_replaced(recording, message, gone.t_ms):
                evidence = (
                    Evidence(
                        message.appeared_n,
                        message.appeared_ms,
                        f"the reply {quoted_message(message.said)} appears",
                    ),
                    gone,
                )
                details = {"in_turn": line.turn_at(gone.t_ms), "visible_ms": message.visible_ms}
                yield Failure(evidence, turn=turn.turn, t_ms=gone.t_ms, details=details)


def _gone(message: Message) -> Evidence | None:
    how_long = f"after it was visible for {message.visible_ms:.0f} ms"
    if message.vanished_ms is not None and not message.unloaded:
        return Evidence(message.vanished_n, message.vanished_ms, f"it is gone, {how_long}")
    if message.kind not in TEXTLESS_KINDS and message.said and not message.text.strip():
        wiped = message.wordings[-1]
        return Evidence(wiped.n, wiped.t, f"its text is erased, {how_long}")
    return None


AUDIT = Audit(
    id="reply-vanished",
    passes="Every reply that was shown stayed on screen.",
    why="A reply was shown and then removed.",
    fix="Finish each reply with thread.item.done, with its full text and the id it was added with.",
    judge=judge,
    needs=(DomState, StepBegin),
)
