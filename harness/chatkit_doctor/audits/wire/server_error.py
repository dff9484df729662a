"""Whether the backend answered without breaking down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import RETRIED
from chatkit_doctor.audits.responses import HIDDEN, StreamResponse, answer_of, rewriting, what_it_says
from chatkit_doctor.audits.unanswered import HUNG_UP, fault_of, sentence
from chatkit_doctor.conversation.transport_faults import TABLE
from chatkit_doctor.recording.entries import Entry, SessionServerDied
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, streams

_OF_PROBES: Final = {
    "aborted-stream": "The client aborted the stream after its first event, as a browser does when the user "
    "leaves the page during a reply.",
    "empty-body": "The request had no type ({}), as anyone may send.",
    "unknown-thread": "The request named a thread that does not exist, as a page does when it remembers a "
    "deleted one.",
}
"""What a server did not survive, by the name of the probe."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation that ended in a 5xx or in nothing, and for a server that died."""
    asked = streams(recording)
    died = recording.of(SessionServerDied)
    if not asked and not died:
        raise NotApplicable("no streaming operation was requested")
    yield from map(_died, died)
    for exchange in asked:
        answer = answer_of(exchange)
        if answer is not None and answer.status >= 500 and answer.from_wire and not rewriting(exchange):
            yield _failure(recording, answer)
        elif answer is None and (failure := _hung_up(exchange)):
            yield failure


def _died(entry: Entry[SessionServerDied]) -> Failure:
    died = entry.data
    what = died.op or "a request without a type"
    error = f": {died.error}" if died.error else ""
    why = _OF_PROBES.get(died.probe, f"{what} was the last request it accepted.")
    return Failure(
        (seen(entry, f"after {what} nothing listens at {died.url} any more{error}"),),
        t_ms=entry.t,
        title=f"The server died while handling {what}",
        why=f"{why} Since then every connection to {died.url} is refused, for every user.",
        fix="Restart it, and check its last output for the exception. A failing handler must not end the "
        "process: catch what it raises; in Node.js also handle promise rejections and the error events of "
        "closed connections.",
        warns_only=bool(died.probe),
        details={"died": True, "op": died.op, "probe": died.probe},
    )


def _failure(recording: Recording, answer: StreamResponse) -> Failure:
    told = what_it_says(recording, answer.exchange)
    times = answer.times
    effect = (
        " ChatKit retries the same request after about 1.5, 5, 11, 20 and 28 s: the backend receives the "
        f"user's message up to six times ({times} so far). Then the start screen returns, without an error."
    )
    if answer.hidden:
        effect = HIDDEN
    return Failure(
        (answer.seen(),),
        turn=answer.exchange.turn,
        t_ms=answer.entry.t,
        why=f"{answer.exchange.op} was answered with {answer.status}.{told}{effect}",
        details={"status": answer.status, "attempts": times},
    )


def _hung_up(exchange: Exchange) -> Failure | None:
    failed = exchange.last.failed if exchange.last is not None else None
    fault = fault_of(failed) if failed is not None else None
    if failed is None or fault is None or fault not in HUNG_UP:
        return None
    what = sentence(fault, failed)
    return Failure(
        (seen(failed, f"{exchange.op} got no response: {what}"),),
        turn=exchange.turn,
        t_ms=failed.t,
        title=f"{TABLE[fault].says[0].upper()}{TABLE[fault].says[1:]}",
        why=f"The backend accepted {exchange.op}, and {what}: it crashed, something in front of it gave up, "
        "or something other than the backend listens on that port.",
        details={"status": 0, "error": failed.data.error, "fault": fault},
    )


AUDIT = Audit(
    id="server-error",
    passes="The backend returned no server errors.",
    why="The backend answered with a server error.",
    fix="Check the backend's log at that moment. A ChatKitServer answers 500 to a body that is not a "
    "ChatKit request, and for any exception outside respond(), such as a failing store.",
    judge=judge,
    explains=RETRIED,
)
