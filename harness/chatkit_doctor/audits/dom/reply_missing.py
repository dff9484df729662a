"""Whether every turn was answered on screen."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotTestable, absent
from chatkit_doctor.audits.dom.replies import compared_turns
from chatkit_doctor.audits.dom.visible_turns import NO_ANSWER, answers_of, ended_turns, overwrites
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.messages import Message, messages
from chatkit_doctor.recording.views.timeline import Step, timeline


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per turn without any visible answer, and per reply that was sent and never shown."""
    unanswered = set()
    for turn in ended_turns(recording):
        if any(answers_of(recording, turn)) or _answered_elsewhere(recording, turn):
            continue
        unanswered.add(turn.turn)
        yield Failure(_evidence(recording, turn), turn=turn.turn, t_ms=turn.closed_ms)
    yield from (lost for lost in _lost_among_others(recording) if lost.turn not in unanswered)
    yield from _not_followed(recording)


def _not_followed(recording: Recording) -> Iterator[Failure]:
    """Replies that did not come after the person had one made again, or answered questions."""
    line = recording.derive(timeline)
    for step in line.steps:
        came = (m for m in recording.derive(messages) if m.role == "assistant" and step.holds(m.appeared_ms))
        if step.awaits_reply and step.over and not any(m.painted and m.kind not in NO_ANSWER for m in came):
            turn = max((turn.turn for turn in line.turns if turn.turn and turn.n < step.n), default=None)
            evidence = absent(step.closed_ms, f"no reply has come of “{step.text}”")
            yield Failure((evidence,), turn=turn, t_ms=step.closed_ms)


def _answered_elsewhere(recording: Recording, turn: Step) -> bool:
    """Whether the answer went into an earlier turn's message: shown, if in the wrong place."""
    earlier = {step.turn: step for step in ended_turns(recording) if step.begin_ms < turn.begin_ms}
    return any(
        message.role == "assistant"
        and message.turn in earlier
        and overwrites(message, earlier[message.turn])
        and any(turn.holds(wording.t) for wording in message.wordings)
        for message in recording.derive(messages)
    )


def _evidence(recording: Recording, turn: Step) -> tuple[Evidence, ...]:
    gone = absent(turn.until_ms, "no reply is on screen when the turn is over")
    mine = [m for m in recording.derive(messages) if m.turn == turn.turn and m.role == "assistant"]
    if not mine:
        return (absent(turn.closed_ms, "no assistant item was ever in the DOM"), gone)
    return (Evidence(mine[0].appeared_n, mine[0].appeared_ms, _what_came(mine[0])), gone)


def _what_came(message: Message) -> str:
    if not message.said:
        return f"an item ({message.kind}) appeared and stayed empty"
    if not message.painted:
        return f"{quoted_message(message.said)} was in the DOM for a moment, between two frames"
    return f"only {message.kind} was shown: {quoted_message(message.said)}"


def _lost_among_others(recording: Recording) -> Iterator[Failure]:
    """Replies that were sent and not shown, where all others of their turn are exactly as they were sent."""
    try:
        turns = list(compared_turns(recording))
    except NotTestable:
        return
    for replies in turns:
        paired = [pair for pair in replies.pairs if pair.shown is not None]
        lost = [pair for pair in replies.pairs if pair.shown is None]
        gone = sum(1 for _ in answers_of(recording, replies.turn)) - len(replies.shown)
        if not paired or gone > 0:
            continue  # None at all is judged above; one that was shown and is gone is another symptom.
        for pair in lost:
            evidence = absent(
                replies.turn.closed_ms, f"the reply {quoted_message(pair.sent)} was sent but never shown"
            )
            yield Failure((evidence,), turn=replies.turn.turn, t_ms=replies.turn.closed_ms)


AUDIT = Audit(
    id="reply-missing",
    passes="Every turn shows a reply.",
    why="The user waits for a reply that never appears.",
    fix="Send the reply as an assistant_message item, and finish it with thread.item.done and its full text.",
    judge=judge,
    needs=(DomState, StepBegin),
)
