"""Whether the page's own fetch left the body to the component."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import REFUSED
from chatkit_doctor.audits.fetch.custom_fetches import custom_fetches
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation whose response was handed over with its body already read."""
    for custom in custom_fetches(recording):
        returned = custom.call.returned
        if returned is None or not returned.data.body_used or custom.wire_failed:
            continue
        yield Failure(
            (seen(returned, "the page's fetch returns a response whose body is already used"),),
            turn=custom.exchange.turn,
            t_ms=returned.t,
        )


AUDIT = Audit(
    id="fetch-consumed-body",
    passes="The page's fetch left the body unread for the component.",
    why="options.api.fetch read the body (text(), json(), a reader) and then returned the response. A body "
    "can be read only once: the component gets nothing and reports StreamError.",
    fix="Return the response unread. To inspect it, read a copy (`const copy = response.clone()`) and "
    "return the original immediately, without waiting for the copy.",
    judge=judge,
    explains=REFUSED,
)
