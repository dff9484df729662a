"""Whether the page's own fetch returned a ``Response``."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import REFUSED
from chatkit_doctor.audits.fetch.custom_fetches import custom_fetches
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation whose fetch returned something else."""
    for custom in custom_fetches(recording):
        returned = custom.call.returned
        if returned is None or returned.data.what == "response" or custom.wire_failed:
            continue
        what = returned.data.what
        yield Failure(
            (seen(returned, f"the page's fetch returns {what}"),),
            turn=custom.exchange.turn,
            t_ms=returned.t,
            why=f"options.api.fetch returned {quoted(what)} where the component needs a Response with a "
            "readable body. The component reports StreamError and drops the message.",
            details={"what": what},
        )


AUDIT = Audit(
    id="fetch-not-a-response",
    passes="The page's fetch returned a Response.",
    why="options.api.fetch returned something that is not a Response: the component has nothing to read.",
    fix="Return fetch's Response itself, unread: `return fetch(url, init)`, not `(await fetch(url, "
    "init)).json()`, and not undefined.",
    judge=judge,
    explains=REFUSED,
)
