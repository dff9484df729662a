"""Whether ``threads.create`` is answered as what it is: the first message."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, absent
from chatkit_doctor.audits.failure_modes import NO_EVENTS
from chatkit_doctor.audits.streams import chatkit_streams
from chatkit_doctor.audits.wording import listed, quoted
from chatkit_doctor.protocol.events import member, text_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per new thread whose stream holds neither the message nor a reply."""
    new = [s for s in chatkit_streams(recording) if s.new_thread and s.complete]
    if not new:
        raise NotApplicable("no stream of a new thread ended")
    for stream in new:
        if stream.has_content:
            continue
        asked = stream.exchange.body_asked
        message = _message(asked) if isinstance(asked, dict) else ""
        told = f"params.input contained {quoted(message)}; the" if message else "The"
        yield Failure(
            (
                stream.events[0].seen(f"the stream begins with {stream.events[0].type}"),
                absent(stream.end_t, "it ended without the user's message and without a reply"),
            ),
            turn=stream.turn,
            t_ms=stream.end_t,
            why=f"{told} stream sent {listed(stream.names)} and nothing else. ChatKit sends the first "
            "message inside threads.create; no later request carries it.",
            details={"events": stream.names[:20]},
        )


def _message(asked: JsonObject) -> str:
    question = member(member(asked, "params"), "input")
    return text_of({**question, "type": "user_message"})


AUDIT = Audit(
    id="first-message-ignored",
    passes="The response to threads.create answers the message it carries.",
    why="ChatKit sends the first message inside threads.create; no later request carries it.",
    fix="On threads.create read params.input and answer it in the same stream: thread.created, "
    "thread.item.done with the user's message, then the reply. Do not wait for threads.add_user_message: "
    "it is sent only for later messages.",
    judge=judge,
    explains=NO_EVENTS,
)
