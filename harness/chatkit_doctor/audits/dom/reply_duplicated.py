"""Whether a reply is on screen twice."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotTestable
from chatkit_doctor.audits.dom.replies import Shown, compared_turns, shown_replies
from chatkit_doctor.audits.dom.visible_turns import ended_turns
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.component.rendered_text import letters, rendered
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import Step

SHORTEST = 4
"""Letters. Saying “Yes” twice in a turn may be meant."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reply that stands twice in one turn, as two messages or inside of one."""
    for turn in ended_turns(recording):
        first: dict[str, Shown] = {}
        for shown in shown_replies(recording, turn):
            words = letters(shown.text)
            if len(words) >= SHORTEST and words in first:
                yield _failure(shown, f"{quoted_message(shown.text)} stands there a second time", turn)
            first.setdefault(words, shown)
    yield from _within_one(recording)


def is_doubled(sent: str, shown: str) -> bool:
    """Whether a text on screen is what was sent, twice over."""
    once = letters(rendered(sent))
    return len(once) >= SHORTEST and letters(shown) == once * 2


def _within_one(recording: Recording) -> Iterator[Failure]:
    try:
        turns = list(compared_turns(recording))
    except NotTestable:
        return  # Without the text that was sent nobody can tell that one message says it twice.
    for replies in turns:
        for pair in replies.pairs:
            if pair.shown is not None and is_doubled(pair.sent, pair.shown.text):
                yield _failure(pair.shown, "one message says the reply twice over", replies.turn)


def _failure(shown: Shown, text: str, turn: Step) -> Failure:
    message = shown.message
    evidence = Evidence(message.appeared_n, message.appeared_ms, text)
    return Failure((evidence,), turn=turn.turn, t_ms=message.appeared_ms)


AUDIT = Audit(
    id="reply-duplicated",
    passes="No reply is on screen twice.",
    why="The person reads the same reply twice in a row.",
    fix="Send each reply as one item: the same id from thread.item.added to thread.item.done.",
    judge=judge,
    needs=(DomState, StepBegin),
)
