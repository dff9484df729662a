"""Whether a new thread's stream announces the thread."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, absent
from chatkit_doctor.audits.failure_modes import NO_EVENTS
from chatkit_doctor.audits.streams import Stream, chatkit_streams
from chatkit_doctor.audits.wording import counted, listed
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per answer to ``threads.create`` that never sends ``thread.created``."""
    asked = [s for s in chatkit_streams(recording) if s.new_thread and s.complete]
    if not asked:
        raise NotApplicable("no stream of a new thread ended")
    for stream in asked:
        if not _announced(stream):
            yield _failure(stream)


def _announced(stream: Stream) -> bool:
    """Well, badly or under a wrong name: what is wrong with it then is another question."""
    return any(e.type == "thread.created" for e in stream.sent)


def _failure(stream: Stream) -> Failure:
    first = stream.events[0]
    count = counted(len(stream.events), "event")
    return Failure(
        (
            first.seen(f"the stream begins with {first.type or 'an event without a type'}"),
            absent(stream.end_t, f"{count} arrived, none of them thread.created"),
        ),
        turn=stream.turn,
        t_ms=stream.end_t,
        why=f"The stream sent {listed(stream.names)}, but never thread.created. ChatKit skips every event "
        "before it; when the stream ends, it drops the temporary thread and the start screen returns.",
        is_overdue=stream.has_content,
        details={"events": stream.names[:20]},
    )


AUDIT = Audit(
    id="thread-created-missing",
    passes="Every new thread is announced.",
    why="ChatKit skips every event before thread.created; when the stream ends without it, ChatKit drops "
    "the temporary thread and the start screen returns.",
    fix="Answer threads.create with thread.created as the very first event: "
    '{"type": "thread.created", "thread": {"id": "…", "created_at": "…", "status": {"type": "active"}, '
    '"items": {"data": [], "has_more": false}}}. A ChatKitServer of openai-chatkit does this automatically.',
    judge=judge,
    explains=NO_EVENTS,
)
