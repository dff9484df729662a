"""Whether there is a reply in the stream at all."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, absent
from chatkit_doctor.audits.streams import Stream, chatkit_streams
from chatkit_doctor.audits.wording import listed
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream that has to bring a reply, and has no item of the assistant."""
    found = chatkit_streams(recording)
    answered = [s for s in found if (s.answers_message or s.goes_on) and s.complete]
    if not answered:
        raise NotApplicable("no response stream to a message ended")
    spoken = {stream.turn for stream in found if stream.says_something}
    for stream in answered:
        # What was said before the tool was called is a reply, whatever follows.
        if not stream.has_reply and not (stream.answers_tool and stream.turn in spoken):
            yield _failure(stream)


def _failure(stream: Stream) -> Failure:
    return Failure(
        (absent(stream.end_t, "the stream ended without an assistant item"),),
        turn=stream.turn,
        t_ms=stream.end_t,
        why=f"The stream sent {listed(stream.names)} and ended. None of these events carries an assistant "
        "item with content.",
        details={"events": stream.names[:20]},
    )


AUDIT = Audit(
    id="reply-item-missing",
    passes="Every response contains an assistant item.",
    why="The stream ended without an assistant item, so there is nothing to show.",
    fix="Send the reply as an item: thread.item.added and thread.item.updated while it is produced, and "
    "always "
    '{"type": "thread.item.done", "item": {"type": "assistant_message", "id": "…", "thread_id": "…", '
    '"created_at": "…", "content": [{"type": "output_text", "text": "…", "annotations": []}]}}. In a '
    "ChatKitServer: check that respond() yields the events of stream_agent_response, and that the agent "
    "produced any output.",
    judge=judge,
    explains=frozenset({"reply-missing", "history-altered"}),
)
