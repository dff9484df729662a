"""Whether a failure of the backend is told as one."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.protocol.reply_texts import reply_texts
from chatkit_doctor.audits.streams import chatkit_streams
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.protocol.error_prose import error_prose
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import Confidence


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per reply that reports a failure and of nothing else."""
    for stream in chatkit_streams(recording):
        for reply in reply_texts(stream):
            if said := error_prose(reply.text):
                yield Failure(
                    (
                        reply.event.seen(
                            f"event {reply.event.number} finishes a reply that says {quoted(said)}"
                        ),
                    ),
                    turn=stream.turn,
                    t_ms=reply.event.received.t,
                    why=f"The assistant's message says {quoted(said)}. ChatKit shows it like any other "
                    "reply, and it stays in the thread: the user gets no retry, the model reads it as its "
                    "own words, and monitoring sees no failure.",
                    # Words are words: only the backend knows what became of it.
                    confidence=Confidence.LIKELY,
                    warns_only=True,
                    details={"says": said[:400]},
                )


AUDIT = Audit(
    id="error-told-as-reply",
    passes="No reply reports a failure instead of an answer.",
    why="A reply reports a failure. ChatKit shows it like any other reply, and it stays in the thread.",
    fix="Check the backend's log for what failed. Do not turn an exception into an assistant message: let "
    "it propagate from respond(), or raise CustomStreamError with a message for the user and "
    "allow_retry=True. By "
    "hand: "
    '{"type": "error", "code": "custom", "message": "…", "allow_retry": true}.',
    judge=judge,
)
