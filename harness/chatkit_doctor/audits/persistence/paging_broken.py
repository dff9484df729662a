"""Whether the pages of a thread lead to its end."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import HISTORY
from chatkit_doctor.audits.persistence.thread_pages import ThreadPages, thread_pages
from chatkit_doctor.audits.wording import counted
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reading in which a page says that there is more, and brings nothing new."""
    readings = recording.derive(thread_pages)
    if not readings:
        raise NotApplicable("no thread was read")
    for reading in readings:
        if reading.stuck is not None:
            yield _failure(reading, reading.stuck)


def _failure(reading: ThreadPages, stuck: Exchange) -> Failure:
    brought = f"the same {counted(reading.again, 'item')} as before" if reading.again else "no item"
    what = f"{stuck.op} returned {brought}, with has_more: true"
    last = stuck.last
    entry = (last.end or last.response) if last is not None else None
    return Failure(
        (seen(entry, what) if entry is not None else Evidence(0, stuck.t, what),),
        t_ms=stuck.t,
        why=f"{what}. The component requests the next page over and over, dozens of times a second "
        f"({counted(reading.asked, 'request')} so far), and shows nothing until it has the last one.",
        details={"op": stuck.op, "again": reading.again, "asked": reading.asked},
    )


AUDIT = Audit(
    id="paging-broken",
    passes="Paging through every thread reaches its end.",
    why="A page of a thread's items says there are more, but the next page contains nothing new.",
    fix="Start each page after params.after: with order asc, the items that follow the one with this id. "
    "Set has_more only if items are left, with the id of the page's last item as after. In a Store this is "
    "load_thread_items(thread_id, after, limit, order, context).",
    judge=judge,
    explains=HISTORY | {"blank-panel", "request-storm", "user-message-vanished", "reply-vanished"},
)
