"""Whether the list of threads can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable
from chatkit_doctor.audits.responses import what_it_says
from chatkit_doctor.audits.single_answers import refusal, seen_at
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for the first unreadable list."""
    lists = [exchange for exchange in exchanges(recording) if exchange.op == "threads.list"]
    if not lists:
        raise NotApplicable("the list of threads was not requested")
    for exchange in lists:
        if what := _problem(recording, exchange):
            yield _failure(recording, exchange, what)
            return


def _problem(recording: Recording, exchange: Exchange) -> str:
    if exchange.status is None or exchange.status >= 400:
        return refusal(exchange)
    last = exchange.last
    if last is not None and last.size and not last.body(recording):
        return ""
    try:
        answer = exchange.answer(recording)
    except ValueError:
        return f"it was answered with something that is not JSON ({exchange.mime or 'no content type'})"
    well = isinstance(answer, Mapping) and isinstance(answer.get("data"), list)
    return "" if well else "the answer has no list under the key data"


def _failure(recording: Recording, exchange: Exchange, what: str) -> Failure:
    return Failure(
        (seen_at(exchange, f"threads.list: {what}"),),
        t_ms=exchange.t,
        why=f"The component requests the list of threads at start-up, and {what}."
        f"{what_it_says(recording, exchange)} The chat still works; the history of earlier "
        "conversations does not.",
        details={"status": exchange.status or 0},
    )


AUDIT = Audit(
    id="threads-list-invalid",
    passes="The list of threads can be read.",
    why="The component requests the list of threads at start-up and could not read it. The chat still "
    "works; the history of earlier conversations does not.",
    fix='Answer threads.list with application/json: {"data": [threads without items], "has_more": false}. It '
    "goes to "
    "the same URL as messages do: route by the type in the body.",
    judge=judge,
)
