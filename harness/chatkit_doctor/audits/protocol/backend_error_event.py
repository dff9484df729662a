"""Whether the backend reported an error of its own."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.streams import Event, Stream, chatkit_streams
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.protocol.told_errors import told_error
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per stream with an ``error`` event."""
    for stream in chatkit_streams(recording):
        error = next((event for event in stream.events if event.type == "error"), None)
        if error is not None:
            yield _failure(stream, error)


def _failure(stream: Stream, error: Event) -> Failure:
    code = error.value.get("code")
    message = error.value.get("message") or _otherwise(error)
    said = f" with the message {quoted(str(message))}" if message else ""
    kind = f" of code {quoted(str(code))}" if code else ""
    hidden = (
        " A ChatKitServer sends this for any exception in respond(); the exception itself is only in its "
        "log, at this moment."
        if code == "stream.error" and not message
        else ""
    )
    has_words = not code or (isinstance(code, str) and code in RULES.error_codes)
    shows = (
        "ChatKit shows a banner in place of the reply"
        if has_words or error.value.get("message")
        else "ChatKit has no text for that code, so without a message it shows nothing"
    )
    return Failure(
        (error.seen(f"event {error.number} is an error{kind}{said}"),),
        turn=stream.turn,
        t_ms=error.received.t,
        why=f"The backend sent an error event{kind}{said}; {shows}.{hidden}",
        details={"code": str(code or ""), "message": str(message or "")},
    )


def _otherwise(error: Event) -> str:
    """What it says in a different field from ChatKit's own; the code is named by itself."""
    return told_error({key: value for key, value in error.value.items() if key != "code"})


AUDIT = Audit(
    id="backend-error-event",
    passes="The backend sent no error event.",
    why="The backend sent an error event; ChatKit shows a banner in place of the reply.",
    fix="Check the backend's log at that moment. In a ChatKitServer an exception in respond() becomes "
    "stream.error without its text; raise CustomStreamError with a message for the user.",
    judge=judge,
    explains=EVENTS_LOST - {"reply-altered", "reply-not-live"},
)
