"""Whether the page's content security policy lets the page reach the backend."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, NotApplicable, seen
from chatkit_doctor.audits.failure_modes import REFUSED
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.origins import origin_of
from chatkit_doctor.recording.entries import Entry, PageCsp, RequestFailed
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per origin of the backend that connect-src refuses."""
    found = [exchange for exchange in exchanges(recording) if exchange.op]
    if not found:
        raise NotApplicable("no request to the backend was seen")
    told: set[str] = set()
    for exchange in found:
        entry = _refusal(recording, exchange)
        origin = str(origin_of(exchange.url) or "")
        if entry is not None and origin not in told:
            told.add(origin)
            yield _failure(exchange, entry, origin)


def _refusal(recording: Recording, exchange: Exchange) -> Entry[PageCsp | RequestFailed] | None:
    backend = origin_of(exchange.url)
    for entry in recording.of(PageCsp):
        violation = entry.data
        is_connect = violation.directive in {"connect-src", "default-src"}
        if violation.stops_the_page and is_connect and origin_of(violation.blocked) == backend:
            return entry
    failed = exchange.last.failed if exchange.last is not None else None
    return failed if failed is not None and failed.data.blocked == "csp" else None


def _failure(exchange: Exchange, entry: Entry[PageCsp | RequestFailed], origin: str) -> Failure:
    return Failure(
        (seen(entry, f"the page's policy blocked {quoted(exchange.url)}"),),
        turn=exchange.turn,
        t_ms=entry.t,
        why="The page makes the component's requests, and its Content-Security-Policy does not allow "
        f"{origin} in connect-src. The browser never sent the request.",
        fix=f"Add {origin} to connect-src in the page's Content-Security-Policy.",
        details={"origin": origin, "op": exchange.op},
    )


AUDIT = Audit(
    id="connect-blocked-by-csp",
    passes="The page's policy allows requests to the backend.",
    why="The page makes the component's requests, and its Content-Security-Policy does not allow the "
    "backend.",
    fix="Add the backend's origin to connect-src in the page's Content-Security-Policy.",
    judge=judge,
    explains=REFUSED,
)
