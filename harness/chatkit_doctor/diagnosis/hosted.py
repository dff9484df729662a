"""Hosted mode: OpenAI answers in place of a backend, so that only the page's own side can be judged.

What OpenAI's servers make of a message is not recorded, and there is nothing that could be tried out on it. A
session is therefore never green: it fails by a cause of the page, or is inconclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from chatkit_doctor.audits.audit import Finding, Status
from chatkit_doctor.recording.entries import HostedRequest
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.hosted import hosted_requests, is_hosted
from chatkit_doctor.vocabulary import Layer

_OF_THE_PAGE: Final = frozenset({Layer.PAGE, Layer.FRAME})
_NOT_OF_THE_PAGE: Final = frozenset({"domain-check-unreachable"})
_OF_THE_PAGE_BESIDES: Final = frozenset({"client-secret-failed", "thread-not-restored"})
UNTESTABLE: Final = (
    "hosted mode (getClientSecret): OpenAI's servers respond instead of a backend, and how they handle a "
    "message is not testable here"
)
_STATUSES: Final = {
    401: "they reject the client secret, which has expired or belongs to another project",
    403: "they reject this project or this page",
    404: "they know no such workflow or thread",
    429: "there were too many requests, or the quota is used up",
}


def reason_of(recording: Recording) -> str:
    """Why a session in hosted mode cannot be judged to its end; empty for any other."""
    if not is_hosted(recording):
        return ""
    told = "; ".join(dict.fromkeys(_refusals(recording)))
    return f"{UNTESTABLE}. {told[0].upper()}{told[1:]}." if told else f"{UNTESTABLE}."


def of_the_page(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in which nothing but symptoms and what is the page's own has failed."""
    return tuple(
        finding
        if not finding.failures or _is_of_the_page(finding)
        else replace(finding, status=Status.NOT_TESTABLE, failures=(), note=UNTESTABLE)
        for finding in findings
    )


def _is_of_the_page(finding: Finding) -> bool:
    audit = finding.audit
    if audit.is_symptom or audit.id in _OF_THE_PAGE_BESIDES:
        return True
    return audit.layer in _OF_THE_PAGE and audit.id not in _NOT_OF_THE_PAGE


def _refusals(recording: Recording) -> Iterator[str]:
    """Each way in which requests to OpenAI failed at last, in words."""
    latest = {entry.data.op: entry.data for entry in hosted_requests(recording)}
    for request in latest.values():
        if said := _refusal(request):
            yield said


def _refusal(request: HostedRequest) -> str:
    if request.state == "failed":
        return f"their service could not be reached ({request.error})"
    status = request.status or 0
    if status >= 500:
        return f"they failed with a server error ({status})"
    if status >= 400:
        return f"requests were answered with {status}: {_STATUSES.get(status, 'they reject them')}"
    return ""
