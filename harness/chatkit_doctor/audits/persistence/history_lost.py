"""Whether a conversation is still there after a reload."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, absent
from chatkit_doctor.audits.persistence.histories import History, histories
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import DomState, StepBegin
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import Layer


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reload after which messages are missing."""
    for history in histories(recording):
        if history.lost:
            yield _failure(history)


def _failure(history: History) -> Failure:
    step, lost = history.reload, history.lost
    count = f"{len(lost)} of {len(history.before)} messages"
    before = Evidence(
        step.n, step.begin_ms, f"the page is reloaded with {len(history.before)} messages on screen"
    )
    gone = f"{count} are gone after it: {', '.join(quoted_message(item.text) for item in lost[:3])}"
    seen = history.seen
    after = Evidence(seen.n, seen.t, gone) if seen else absent(step.until_ms, gone)
    details = {
        "before": len(history.before),
        "after": len(history.after),
        "view": seen.view if seen else "absent",
    }
    return Failure((before, after), t_ms=after.t_ms, details=details)


AUDIT = Audit(
    id="history-lost",
    passes="After a reload every message is still there.",
    why="The messages from before the reload are gone from the screen, whether or not the backend still "
    "has them.",
    fix="Keep the id from chatkit.thread.change, pass it as initialThread, and answer threads.get_by_id and "
    "items.list with everything that was streamed.",
    judge=judge,
    needs=(DomState, StepBegin),
    seen_at=Layer.PERSISTENCE,
)
