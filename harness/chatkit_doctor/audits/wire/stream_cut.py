"""Whether every body ended properly."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import EVENTS_LOST
from chatkit_doctor.audits.responses import answers, is_undecodable
from chatkit_doctor.audits.wording import counted
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per streaming answer whose connection broke."""
    for answer in answers(recording):
        last = answer.exchange.last
        if last is None or last.end is None or last.how != "cut" or not answer.accepted:
            continue
        if is_undecodable(last):
            continue  # It broke off because nobody could read it.
        size, events = last.size, len(answer.exchange.received)
        error = last.end.data.error
        yield Failure(
            (
                answer.seen(),
                seen(last.end, f"the body broke off after {size} bytes: {error or 'no more is known'}"),
            ),
            turn=answer.exchange.turn,
            t_ms=last.end.t,
            why=f"The connection broke after {size} bytes and {counted(events, 'event')} of "
            f"{answer.exchange.op}{f' ({error})' if error else ''}. The component reports StreamError and "
            "shows a banner with Retry.",
            details={"size": size, "events": events, "error": error},
        )


AUDIT = Audit(
    id="stream-cut",
    passes="Every body ended properly.",
    why="The connection broke before the body ended: the component reports StreamError.",
    fix="Check the backend's log at that moment: in a ChatKitServer an exception outside respond() (an "
    "unknown thread id, a failing store, an unexpected tool output) breaks the response after its 200. "
    "Otherwise it is a timeout of a proxy or of the host: raise it for this route.",
    judge=judge,
    explains=EVENTS_LOST,
)
