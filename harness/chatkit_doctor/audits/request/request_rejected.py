"""Whether the backend understood the operation."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure
from chatkit_doctor.audits.failure_modes import REFUSED
from chatkit_doctor.audits.responses import (
    HIDDEN,
    StreamResponse,
    answers,
    rewriting,
    served_elsewhere,
    what_it_says,
)
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation that was answered with a 4xx of no other known reason."""
    for answer in answers(recording):
        if _is_rejection(recording, answer) and (answer.status == 429 or not rewriting(answer.exchange)):
            yield _failure(recording, answer)


def _is_rejection(recording: Recording, answer: StreamResponse) -> bool:
    if answer.status in {401, 403, 407} or not 400 <= answer.status < 500:
        return False
    return answer.status not in {404, 405} or served_elsewhere(recording, answer.exchange)


def _failure(recording: Recording, answer: StreamResponse) -> Failure:
    told = what_it_says(recording, answer.exchange)
    effect = (
        HIDDEN
        if answer.hidden
        else " ChatKit drops the message and shows a notice that there were too many requests."
        if answer.status == 429
        else " ChatKit treats a 4xx as final: it drops the message, without an error."
    )
    return Failure(
        (answer.seen(),),
        turn=answer.exchange.turn,
        t_ms=answer.entry.t,
        why=f"{answer.exchange.op} was answered with {answer.status}.{told}{effect}",
        fix=_fix(answer),
        details={"status": answer.status, "op": answer.exchange.op},
    )


def _fix(answer: StreamResponse) -> str:
    if answer.status == 429:
        return (
            "Raise the rate limit, or make the user wait: the backend rejected the request because there "
            "were too many."
        )
    if answer.status in {404, 405}:
        return (
            f"The URL is correct, since it answers other operations. Handle {answer.exchange.op} too; for a "
            "thread that does not exist, send thread.created for a new one or an error event, not an HTTP "
            "error status."
        )
    return AUDIT.fix


AUDIT = Audit(
    id="request-rejected",
    passes="The backend accepted every operation.",
    why="The backend answered with a 4xx: it does not understand the component's request.",
    fix="Accept the body as sent, {type, params, metadata}, and route by type; do not validate it against "
    "a schema of your own. With openai-chatkit: result = await server.process(await request.body(), "
    "context).",
    judge=judge,
    explains=REFUSED,
)
