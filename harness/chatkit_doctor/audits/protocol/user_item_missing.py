"""Whether the backend confirms the user's own message."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, absent
from chatkit_doctor.audits.streams import Stream, chatkit_streams
from chatkit_doctor.audits.wording import listed
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per answered message that is not in the answer's own events."""
    answered = [s for s in chatkit_streams(recording) if s.answers_message and s.complete]
    if not answered:
        raise NotApplicable("no response stream to a message ended")
    for stream in answered:
        if not stream.has_user_item:
            yield _failure(stream)


def _failure(stream: Stream) -> Failure:
    return Failure(
        (absent(stream.end_t, "the stream ended without an item of type user_message"),),
        turn=stream.turn,
        t_ms=stream.end_t,
        why=f"The stream sent {listed(stream.names)}, but no item with the user's message. The component "
        "shows the message optimistically and removes it when the stream ends.",
        is_overdue=stream.says_something,
        details={"events": stream.names[:20]},
    )


AUDIT = Audit(
    id="user-item-missing",
    passes="The stream confirms the user's message.",
    why="The component shows the message immediately, but removes it when the stream ends unless the "
    "backend has confirmed it.",
    fix="Before the reply, send the user's message back with a unique id: "
    '{"type": "thread.item.done", "item": {"type": "user_message", "id": "…", "thread_id": "…", '
    '"created_at": "…", "content": [{"type": "input_text", "text": "…"}], "attachments": [], '
    '"inference_options": {}}}.',
    judge=judge,
    explains=frozenset({"user-message-vanished", "user-message-missing", "blank-panel", "history-altered"}),
)
