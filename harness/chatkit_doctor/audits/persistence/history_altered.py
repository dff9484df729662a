"""Whether a conversation reads the same after a reload."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from chatkit_doctor.audits.audit import Audit, Evidence, Failure
from chatkit_doctor.audits.persistence.histories import History, histories
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.component.rendered_text import letters
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import Item
from chatkit_doctor.vocabulary import Layer


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reload after which texts, their order or their number are others."""
    for history in histories(recording):
        if history.altered and history.seen is not None:
            evidence = (
                Evidence(history.reload.n, history.reload.begin_ms, "the page is reloaded"),
                Evidence(history.seen.n, history.seen.t, _difference(history)),
            )
            details = {"before": len(history.before), "after": len(history.after)}
            yield Failure(evidence, t_ms=history.seen.t, details=details)


def _difference(history: History) -> str:
    """The first place at which the two conversations differ."""
    kept = [item for item in history.before if item not in history.lost]
    for place, (before, after) in enumerate(zip_longest(kept, history.after), start=1):
        if before is None or after is None or _says(before) != _says(after):
            return f"message {place} was {_named(before)} and is {_named(after)}"
    return "the messages are in a different order"


def _says(item: Item) -> tuple[str, str]:
    return item.kind, letters(item.text)


def _named(item: Item | None) -> str:
    return "not there" if item is None else f"{item.kind} {quoted_message(item.text)}"


AUDIT = Audit(
    id="history-altered",
    passes="After a reload the conversation is the same.",
    why="The user comes back to a different conversation from the one they left.",
    fix="Store items exactly as they were streamed: same ids, text and order.",
    judge=judge,
    needs=(DomState, StepBegin),
    seen_at=Layer.PERSISTENCE,
)
