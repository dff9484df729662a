"""Whether the page's domain is on the allowlist."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, seen
from chatkit_doctor.audits.failure_modes import CHAT_GOES_AWAY
from chatkit_doctor.audits.frame.domain_checks import domain_checks, refusal, verified
from chatkit_doctor.audits.wording import host_of
from chatkit_doctor.recording.entries import FrameDetached, PageDocument
from chatkit_doctor.recording.reader import Recording


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure for the first check that answered no."""
    checks = domain_checks(recording)
    said = refusal(recording)
    refused = next((check for check in checks if verified(check) is False), None)
    if refused is None and said is None:
        return
    check = refused or (checks[-1] if checks else None)
    evidence: list[Evidence] = []
    if check is not None:
        evidence.append(seen(check, f"the domain check answered with status {check.data.status or 0}"))
    if said is not None:
        evidence.append(seen(said, "the component reports that the domain could not be verified"))
    if gone := recording.of(FrameDetached):
        evidence.append(seen(gone[-1], "the component removes its frame"))
    page = recording.last(PageDocument)
    host = host_of(page.data.url) if page is not None else ""
    yield Failure(
        tuple(evidence),
        t_ms=evidence[0].t_ms,
        why=f"OpenAI does not recognise the domain {host or 'of this page'} for this domain key. The "
        "component shows the chat for a moment and then removes its frame; the box stays blank.",
        details={"host": host},
    )


AUDIT = Audit(
    id="domain-not-verified",
    passes="The page's domain is verified.",
    why="OpenAI does not recognise this domain for this domain key; the component removes its frame.",
    fix="Add the exact host name (no wildcard; each preview deployment has its own) to the domain "
    "allowlist at platform.openai.com under Settings, Security, and pass the key of that entry as "
    "api.domainKey. It can take a while to take effect. On localhost there is no check.",
    judge=judge,
    explains=CHAT_GOES_AWAY | {"error-shown"},
)
