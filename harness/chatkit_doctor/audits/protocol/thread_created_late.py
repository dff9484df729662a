"""Whether ``thread.created`` comes before everything else, and once."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import counted, listed
from chatkit_doctor.protocol.events import CONTENT_EVENTS, member
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per new thread's stream that lost items to a late or repeated ``thread.created``."""
    new = [(s, s.created) for s in chatkit_streams(recording) if s.new_thread]
    announced = [(stream, created) for stream, created in new if created is not None]
    if not announced:
        raise NotApplicable("no new thread was announced")
    for stream, created in announced:
        last = _last_of_the_same(stream, created)
        lost = [e for e in stream.events if e.number < last.number and e.type in CONTENT_EVENTS]
        if lost:
            yield _failure(stream, last, lost, repeated=last.number != created.number)


def _last_of_the_same(stream: Stream, created: Event) -> Event:
    thread_id = member(created.value, "thread").get("id")
    same = (
        e
        for e in reversed(stream.events)
        if e.type == "thread.created" and member(e.value, "thread").get("id") == thread_id
    )
    return next(same, created)


def _failure(stream: Stream, created: Event, lost: list[Event], *, repeated: bool) -> Failure:
    count = counted(len(lost), "event")
    names = listed(dict.fromkeys(event.type for event in lost))
    how = (
        f"thread.created arrived again as event {created.number}. In a new thread's stream that empties the "
        f"thread: the content of the {count} before it ({names}) is gone."
        if repeated
        else (
            f"thread.created arrived only as event {created.number}. ChatKit skips everything before it: "
            f"{count} ({names}) never reached the transcript."
        )
    )
    return Failure(
        (
            lost[0].seen(f"event {lost[0].number} is {lost[0].type}"),
            created.seen(f"thread.created is event {created.number}"),
        ),
        turn=stream.turn,
        t_ms=created.received.t,
        title="thread.created was sent twice" if repeated else "",
        why=how,
        fix="Send thread.created once, as the very first event of the response to threads.create.",
        details={"position": created.number, "lost": len(lost), "repeated": repeated},
    )


AUDIT = Audit(
    id="thread-created-late",
    passes="thread.created comes first, and once.",
    why="ChatKit skips every event before thread.created.",
    fix="Send thread.created as the very first event of the response to threads.create.",
    judge=judge,
    explains=EVENTS_LOST,
)
