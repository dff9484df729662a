"""Whether the page is a secure context."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Failure, seen
from chatkit_doctor.audits.failure_modes import CHAT_GOES_AWAY
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.entries import PageInventory
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for a page that the browser does not count as secure."""
    for entry in recording.of(PageInventory):
        if not entry.data.secure_context:
            url = entry.data.url
            at = f" ({quoted(url)})" if url else ""
            yield Failure(
                (seen(entry, f"the page is no secure context{at}"),),
                t_ms=entry.t,
                why=f"The page{at} is served over http from a host that is not localhost. Browsers withhold "
                "parts of their interface there, crypto.randomUUID among them, which the component needs.",
                details={"url": url},
            )
            return


AUDIT = Audit(
    id="insecure-context",
    passes="The page is a secure context.",
    why="The page is served over http from a host that is not localhost; browsers withhold interfaces there "
    "that the component needs.",
    fix="Serve the page over https, or open it as http://localhost; for a phone in the same network use a "
    "tunnel with a name that can be put on the domain allowlist.",
    judge=judge,
    needs=(PageInventory,),
    explains=CHAT_GOES_AWAY | {"error-shown"},
)
