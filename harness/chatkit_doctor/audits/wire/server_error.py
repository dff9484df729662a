"""Whether the backend answered without breaking down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import RETRIED
from chatkit_doctor.audits.responses import HIDDEN, StreamResponse, answer_of, excerpt, rewriting
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, streams

_HUNG_UP: Final = re.compile(r"EMPTY_RESPONSE|CONNECTION_(RESET|CLOSED|ABORTED)|HTTP2_PROTOCOL|INVALID_HTTP")


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation that ended in a 5xx, or in nothing at all."""
    asked = streams(recording)
    if not asked:
        raise NotApplicable("no streaming operation was asked for")
    for exchange in asked:
        answer = answer_of(exchange)
        if answer is not None and answer.status >= 500 and answer.from_wire and not rewriting(exchange):
            yield _failure(recording, answer)
        elif answer is None and (failure := _hung_up(exchange)):
            yield failure


def _failure(recording: Recording, answer: StreamResponse) -> Failure:
    said = excerpt(recording, answer.exchange)
    told = f" It says: {quoted(said)}." if said else ""
    times = answer.times
    effect = (
        f" ChatKit sends the same request again after about 1.5, 5, 11, 20 and 28 s: the backend gets the "
        f"person's message up to six times ({times} so far). Then the start screen returns, without any "
        f"error."
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
    if failed is None or not _HUNG_UP.search(failed.data.error):
        return None
    return Failure(
        (seen(failed, f"{exchange.op} failed: {failed.data.error}"),),
        turn=exchange.turn,
        t_ms=failed.t,
        title="The backend closed the connection without an answer",
        why=f"The backend took {exchange.op} and closed the connection without any answer "
        f"({failed.data.error}): it crashed, or something in front of it gave up.",
        details={"status": 0, "error": failed.data.error},
    )


AUDIT = Audit(
    id="server-error",
    passes="The backend returned no server errors.",
    why="The backend answered with a server error.",
    fix="Look into the backend's log at that moment. A ChatKitServer answers 500 for a body that is no "
    "ChatKit request, and for any exception outside of respond(), such as a store that fails.",
    judge=judge,
    explains=RETRIED,
)
