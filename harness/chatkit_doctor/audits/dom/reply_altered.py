"""Whether replies were shown as they were sent."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.dom.replies import Pair, compared_turns, is_doubled, may_differ
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.component.rendered_text import is_beginning, is_shown_as
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reply whose words on screen are not those that were sent, nor their beginning."""
    for replies in compared_turns(recording):
        for pair in replies.pairs:
            if may_differ(pair, replies) or not _is_altered(pair) or pair.shown is None:
                continue
            wordings = pair.shown.message.wordings
            wording = next(w for w in reversed(wordings) if w.t < replies.turn.until_ms)
            evidence = (
                Evidence(wording.n, wording.t, f"the screen shows {quoted_message(pair.shown.text)}"),
                Evidence(0, replies.turn.until_ms, f"the backend sent {quoted_message(pair.sent)}"),
            )
            yield Failure(evidence, turn=replies.turn.turn, t_ms=wording.t)


def _is_altered(pair: Pair) -> bool:
    if pair.shown is None:
        return False
    text = pair.shown.text
    return not (is_shown_as(pair.sent, text) or is_beginning(pair.sent, text) or is_doubled(pair.sent, text))


AUDIT = Audit(
    id="reply-altered",
    passes="Every reply on screen matches the text that was sent.",
    why="The user reads something other than what the backend sent.",
    fix="Compare the stream on the wire, and the ids of its items, with what the page's fetch hands to the "
    "component.",
    judge=judge,
    needs=(DomState, StepBegin),
)
