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
        else " ChatKit drops the message and shows a notice about too many requests."
        if answer.status == 429
        else " ChatKit takes a 4xx as final: it drops the message, without any error."
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
        return "Raise the limit, or let the person wait: the backend refused because of too many requests."
    if answer.status in {404, 405}:
        return (
            f"The URL is right, as it answers other operations. Answer {answer.exchange.op} as well, and for "
            "a thread that is not there send thread.created for a new one or an error event, not a status."
        )
    return AUDIT.fix


AUDIT = Audit(
    id="request-rejected",
    passes="The backend understood every operation.",
    why="The backend answered with a 4xx: it does not understand what the component asked for.",
    fix="Take the body as it is, {type, params, metadata}, and route by type; do not validate it against a "
    "schema of your own. With openai-chatkit: result = await server.process(await request.body(), context).",
    judge=judge,
    explains=REFUSED,
)
