"""Whether streaming operations are answered with an event stream."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.failure_modes import RETRIED
from chatkit_doctor.audits.responses import StreamResponse, answers, asked_otherwise, excerpt
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.protocol.dialects import Frame, recognise, recognise_lines
from chatkit_doctor.protocol.payload import PayloadKind, read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation the wire answers with something else, which no fetch corrects."""
    for answer in answers(recording):
        custom = answer.exchange.custom
        fixed = custom is not None and custom.mime == EVENT_STREAM
        if answer.from_wire and _is_wrong(answer) and not fixed and not asked_otherwise(recording, answer):
            yield _failure(recording, answer)


def _is_wrong(answer: StreamResponse) -> bool:
    last = answer.exchange.last
    # The component gives up such an answer at its headers: a body that was never read is not an empty one.
    has_body = last is None or last.size > 0 or last.how != "finished"
    return answer.accepted and has_body and not answer.is_stream and not answer.is_page


def _failure(recording: Recording, answer: StreamResponse) -> Failure:
    kind = quoted(answer.mime) if answer.mime else "no content type"
    details: dict[str, object] = {"content_type": answer.mime, "attempts": answer.times}
    what = _what(recording, answer, details)
    if answer.mime.lower() == EVENT_STREAM:
        what = " The comparison is case-sensitive, and the expected name is in lower case." + what
    return Failure(
        (answer.seen(),),
        turn=answer.exchange.turn,
        t_ms=answer.entry.t,
        why=f"{answer.exchange.op} was answered with {answer.status} and {kind}.{what} ChatKit does not "
        "read such a body: it retries the same request after about 1.5, 5, 11, 20 and 28 s, so the backend "
        f"receives the user's message up to six times ({answer.times} so far). Then the start screen "
        "returns, "
        "silently.",
        details=details,
    )


def _what(recording: Recording, answer: StreamResponse, details: dict[str, object]) -> str:
    """What the body looks like, for who wonders whether the header alone is wrong."""
    last = answer.exchange.last
    body = last.body(recording) if last is not None else b""
    if not body:
        return ""
    events, _ = parse(body)
    readable = [event for event in events if read_payload(event.data).kind is PayloadKind.OBJECT]
    foreign = recognise([_frame(event.event, event.data) for event in readable]) if readable else None
    foreign = foreign or recognise_lines(body.decode(errors="replace"))
    if foreign is not None:
        details["dialect"] = foreign.dialect.id
        return f" The body uses {foreign.dialect.title}, so more than the header is wrong."
    if readable:
        return " The body itself is a stream of events."
    return f" The body starts with {quoted(excerpt(recording, answer.exchange), 100)}."


def _frame(name: str, data: str) -> Frame:
    payload = read_payload(data)
    return Frame(name, data, dict(payload.value) if payload.value is not None else None)


AUDIT = Audit(
    id="wrong-content-type",
    passes="Streaming operations are answered with text/event-stream.",
    why="A streaming operation was answered with another content type; ChatKit does not read such a body.",
    fix="Answer streaming operations with `content-type: text/event-stream`: in FastAPI "
    "StreamingResponse(result, media_type='text/event-stream'). A JSON response is correct only for "
    "operations that do not stream, such as threads.list and threads.get_by_id.",
    judge=judge,
    explains=RETRIED,
)
