"""Whether the check of the page's domain could be made."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, absent, seen
from chatkit_doctor.audits.failure_modes import CHAT_GOES_AWAY
from chatkit_doctor.audits.frame.domain_checks import breakdown, domain_checks, refusal, verified
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import Confidence


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure when every check that was made came to nothing."""
    checks = domain_checks(recording)
    said = breakdown(recording)
    answered = any(check.data.status == 200 or verified(check) is not None for check in checks)
    if said is None and (answered or refusal(recording) is not None):
        return
    evidence: list[Evidence] = [
        seen(c, f"the domain check failed: {c.data.error or c.data.status}") for c in checks
    ]
    if not checks:
        evidence.append(absent(said.t if said is not None else 0.0, "the browser sent no domain check"))
    if said is not None:
        evidence.append(seen(said, "the component reports that the request failed"))
    yield Failure(
        tuple(evidence),
        t_ms=evidence[0].t_ms,
        confidence=Confidence.CERTAIN if said is not None else Confidence.LIKELY,
    )


AUDIT = Audit(
    id="domain-check-unreachable",
    passes="The domain check completed.",
    why="The component asks api.openai.com whether the page's domain is allowed, and got no response. It "
    "tries twice, for 10 s at most, then reports DomainVerificationRequestError and removes its frame: the "
    "box stays blank.",
    fix="Let the page reach https://api.openai.com/v1/chatkit/domain_keys/verify: allow it in firewalls, "
    "content blockers and corporate networks that filter openai.com.",
    judge=judge,
    explains=CHAT_GOES_AWAY | {"error-shown"},
)
