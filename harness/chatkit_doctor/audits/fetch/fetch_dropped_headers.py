"""Whether the page's own fetch kept the content type of the answer."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import RETRIED
from chatkit_doctor.audits.fetch.custom_fetches import CustomFetch, custom_fetches
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.recording.entries import Entry, FetchReturned
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming operation whose response lost the type it had on the wire."""
    for custom in custom_fetches(recording):
        returned, status = custom.call.returned, custom.call.status
        is_success = status is not None and 200 <= status < 300
        if returned is None or not is_success or returned.data.body_used:
            continue
        if custom.wire_is_well and custom.call.mime != EVENT_STREAM:
            yield _failure(custom, returned)


def _failure(custom: CustomFetch, returned: Entry[FetchReturned]) -> Failure:
    handed = quoted(custom.call.mime) if custom.call.mime else "no content type"
    last = custom.exchange.last
    evidence = [seen(returned, f"the page's fetch returns {handed}")]
    if last is not None and last.response is not None:
        evidence.insert(0, seen(last.response, "the wire delivered text/event-stream"))
        how = (
            "The backend answered with text/event-stream; the response that options.api.fetch returned has "
            f"{handed}."
        )
    else:
        how = f"options.api.fetch created its own response to {custom.exchange.op}, which has {handed}."
    times = max(1, len(custom.exchange.attempts))
    return Failure(
        tuple(evidence),
        turn=custom.exchange.turn,
        t_ms=returned.t,
        why=f"{how} The component does not read such a body: it retries the same request after about 1.5, "
        f"5, 11, 20 and 28 s ({times} so far), then the start screen returns, without any error.",
        details={"content_type": custom.call.mime, "attempts": times},
    )


AUDIT = Audit(
    id="fetch-dropped-headers",
    passes="The page's fetch kept the content type.",
    why="The backend answered with text/event-stream; the response that options.api.fetch returned has "
    "another content type.",
    fix="Return fetch's Response unchanged. If you must build a new one, pass the headers on: "
    "new Response(response.body, {status: response.status, headers: response.headers}).",
    judge=judge,
    explains=RETRIED,
)
