"""Whether replies were shown to their end."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.dom.replies import Shown, compared_turns
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.component.rendered_text import is_beginning, letters, rendered
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import Step

_TAIL_CHARACTERS = 60


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reply of which only the beginning was on screen at the end of its turn."""
    for replies in compared_turns(recording):
        for pair in replies.pairs:
            if pair.shown is not None and is_beginning(pair.sent, pair.shown.text):
                yield _failure(pair.sent, pair.shown, replies.turn)


def _failure(sent: str, shown: Shown, turn: Step) -> Failure:
    there, whole = len(letters(shown.text)), len(letters(rendered(sent)))
    wording = next(w for w in reversed(shown.message.wordings) if w.t < turn.until_ms)
    last_shown, last_sent = shown.text[-_TAIL_CHARACTERS:], sent[-_TAIL_CHARACTERS:]
    evidence = (
        Evidence(wording.n, wording.t, f"the reply on screen ends with {quoted_message(last_shown)}"),
        Evidence(0, turn.until_ms, f"the text that was sent ends with {quoted_message(last_sent)}"),
    )
    details = {"shown_letters": there, "sent_letters": whole}
    return Failure(evidence, turn=turn.turn, t_ms=wording.t, details=details)


AUDIT = Audit(
    id="reply-truncated",
    passes="Every reply was shown in full.",
    why="The reply stops in the middle: the rest arrived but is not on screen.",
    fix="Finish each item with thread.item.done: without it the component may never show the end of the "
    "text.",
    judge=judge,
    needs=(DomState, StepBegin),
)
