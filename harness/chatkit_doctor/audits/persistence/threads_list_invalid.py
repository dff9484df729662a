"""Whether the list of threads can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, NotApplicable, seen
from chatkit_doctor.audits.responses import what_it_says
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
    last = exchange.last
    if exchange.status is None:
        failed = last.failed if last is not None else None
        # What the browser held back was not answered badly: nobody saw the answer.
        is_held_back = failed is not None and (failed.data.blocked or failed.data.cors.strip())
        return f"it failed ({failed.data.error})" if failed is not None and not is_held_back else ""
    if exchange.status >= 400:
        return f"it was answered with {exchange.status}"
    if last is not None and last.size and not last.body(recording):
        return ""
    try:
        answer = exchange.answer(recording)
    except ValueError:
        return f"it was answered with something that is not JSON ({exchange.mime or 'no content type'})"
    well = isinstance(answer, Mapping) and isinstance(answer.get("data"), list)
    return "" if well else "the answer has no list under the key data"


def _failure(recording: Recording, exchange: Exchange, what: str) -> Failure:
    last = exchange.last
    entry = (last.response or last.failed or last.sent) if last is not None else exchange.asked
    said = f"threads.list: {what}"
    return Failure(
        (seen(entry, said) if entry is not None else Evidence(0, exchange.t, said),),
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
