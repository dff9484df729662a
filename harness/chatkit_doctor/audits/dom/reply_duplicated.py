"""Whether a reply is on screen twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotTestable
from chatkit_doctor.audits.dom.replies import SHORTEST, Shown, compared_turns, is_doubled, shown_replies
from chatkit_doctor.audits.dom.visible_turns import ended_turns
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.component.rendered_text import letters, rendered
from chatkit_doctor.protocol.events import item_id, item_of, text_of, type_of
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import streams
from chatkit_doctor.recording.views.timeline import Step


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reply that stands twice in one turn, as two messages or inside of one."""
    for turn in ended_turns(recording):
        finished = _finished(recording, turn)
        standing: Counter[str] = Counter()
        for shown in shown_replies(recording, turn):
            words = letters(shown.text)
            standing[words] += 1
            # What the backend finished twice, under two ids, it meant to say twice.
            if len(words) >= SHORTEST and standing[words] > max(1, finished[words]):
                yield _failure(shown, f"{quoted_message(shown.text)} appears a second time", turn)
    yield from _within_one(recording)


def _finished(recording: Recording, turn: Step) -> Counter[str]:
    """How many replies of a turn the backend finished with the same words."""
    texts: dict[object, str] = {}
    for exchange in streams(recording):
        if exchange.turn != turn.turn:
            continue
        for event in exchange.events:
            item = item_of(event)
            if (
                item is not None
                and type_of(event) == "thread.item.done"
                and type_of(item) == "assistant_message"
            ):
                texts[item_id(item)] = letters(rendered(text_of(item)))
    return Counter(texts.values())


def _within_one(recording: Recording) -> Iterator[Failure]:
    try:
        turns = list(compared_turns(recording))
    except NotTestable:
        return  # Without the text that was sent nobody can tell that one message says it twice.
    for replies in turns:
        for pair in replies.pairs:
            if pair.shown is not None and is_doubled(pair.sent, pair.shown.text):
                yield _failure(pair.shown, "one message contains the reply twice", replies.turn)


def _failure(shown: Shown, text: str, turn: Step) -> Failure:
    message = shown.message
    evidence = Evidence(message.appeared_n, message.appeared_ms, text)
    return Failure((evidence,), turn=turn.turn, t_ms=message.appeared_ms)


AUDIT = Audit(
    id="reply-duplicated",
    passes="No reply appears twice on screen.",
    why="The user reads the same reply twice in a row.",
    fix="Send each reply as one item: the same id from thread.item.added to thread.item.done.",
    judge=judge,
    needs=(DomState, StepBegin),
)
