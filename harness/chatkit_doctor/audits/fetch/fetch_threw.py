"""Whether the page's own fetch came to a result."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import REFUSED
from chatkit_doctor.audits.fetch.custom_fetches import custom_fetches
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation whose fetch rejected although the network did not."""
    for custom in custom_fetches(recording):
        threw = custom.call.threw
        if threw is None or custom.wire_failed:
            continue
        error = threw.data.error
        when = "after the backend had answered" if custom.exchange.last else "before any request was made"
        yield Failure(
            (seen(threw, f"the page's fetch rejects: {error}"),),
            turn=custom.exchange.turn,
            t_ms=threw.t,
            why=f"options.api.fetch rejected with {quoted(error)}, {when}. The component reports "
            "StreamError and drops the message.",
            details={"error": error, "op": custom.exchange.op},
        )


AUDIT = Audit(
    id="fetch-threw",
    passes="The page's fetch resolved.",
    why="options.api.fetch rejected: the component reports StreamError and drops the message.",
    fix="Handle the error inside options.api.fetch, or return the backend's response unchanged, whatever "
    "its status: `return fetch(url, init)`. If a token is not available yet, wait for it.",
    judge=judge,
    explains=REFUSED,
)
