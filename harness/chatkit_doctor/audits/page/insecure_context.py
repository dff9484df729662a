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
                (seen(entry, f"the page is not a secure context{at}"),),
                t_ms=entry.t,
                why=f"The page{at} is served over http from a host that is not localhost. There browsers "
                "disable APIs that the component needs, such as crypto.randomUUID.",
                details={"url": url},
            )
            return


AUDIT = Audit(
    id="insecure-context",
    passes="The page is a secure context.",
    why="The page is served over http from a host that is not localhost; there browsers disable APIs that "
    "the component needs.",
    fix="Serve the page over https, or open it as http://localhost; for a phone on the same network, use a "
    "tunnel whose host name you can add to the domain allowlist.",
    judge=judge,
    needs=(PageInventory,),
    explains=CHAT_GOES_AWAY | {"error-shown"},
)
