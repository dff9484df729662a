"""Whether a message that was sent left the component."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotTestable, absent
from chatkit_doctor.audits.dom.visible_turns import REQUESTS, ended_turns, left_component
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import Layer


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per turn in which no request followed the message."""
    turns = ended_turns(recording)
    if not any(recording.has(kind) for kind in REQUESTS):
        # The component asks for its threads before anything is typed: silence means nobody listened.
        raise NotTestable("no request from the component was recorded")
    for turn in turns:
        if not left_component(recording, turn):
            text = f"no request followed {quoted_message(turn.text)} before the turn timed out"
            yield Failure((absent(turn.closed_ms, text),), turn=turn.turn, t_ms=turn.closed_ms)


AUDIT = Audit(
    id="send-ignored",
    passes="The component made a request for every sent message.",
    why="The message was typed and sent, but the component made no request.",
    fix="Check the console at that moment, and whether the page has disabled or covered the composer.",
    judge=judge,
    needs=(StepBegin, DomState),
    seen_at=Layer.REQUEST,
)
