"""Whether there is anything in a successful answer."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import RETRIED
from chatkit_doctor.audits.responses import StreamResponse, answers
from chatkit_doctor.protocol.sse import SseParser
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation answered with a success and no event, nor anything like one."""
    for answer in answers(recording):
        last = answer.exchange.last
        if not answer.accepted or last is None or last.how != "finished" or answer.exchange.received:
            continue
        if last.size == 0 or _only_comments(recording, answer):
            yield _failure(answer, last.size)


def _only_comments(recording: Recording, answer: StreamResponse) -> bool:
    last = answer.exchange.last
    body = last.body(recording) if last is not None else b""
    parser = SseParser()
    events = parser.feed(body) + parser.close()
    return bool(body) and answer.is_stream and not events and not parser.problems


def _failure(answer: StreamResponse, size: int) -> Failure:
    last = answer.exchange.last
    what = "nothing in it" if size == 0 else "nothing but comments in it"
    effect = (
        "The component sees a stream without events: the start screen returns, without any error."
        if answer.is_stream
        else "Without an event stream's content type the component retries the request, up to six times."
    )
    end = last.end if last is not None else None
    evidence = (answer.seen(), *((seen(end, f"the body ended after {size} bytes"),) if end else ()))
    return Failure(
        evidence,
        turn=answer.exchange.turn,
        t_ms=answer.entry.t,
        why=f"{answer.exchange.op} was answered with {answer.status} and {what}. {effect}",
        details={"size": size, "status": answer.status},
    )


AUDIT = Audit(
    id="empty-body",
    passes="Every response has a body.",
    why="The response is successful but contains no event.",
    fix="Check that the generator behind the response runs and yields: an async generator that is never "
    "iterated, an early return, or an exception swallowed before the first event produces an empty stream.",
    judge=judge,
    explains=RETRIED,
)
