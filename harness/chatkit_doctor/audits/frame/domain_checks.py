"""The component's check of the page's domain, as it was recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from chatkit_doctor.audits.audit import NotApplicable
from chatkit_doctor.protocol.payload import parse_json
from chatkit_doctor.recording.entries import (
    ComponentConsole,
    ComponentError,
    ComponentEvent,
    Entry,
    FrameRequest,
)
from chatkit_doctor.recording.reader import Recording

Report = ComponentEvent | ComponentError | ComponentConsole
"""What the component can say that something is wrong by."""

_CHECK: Final = "/domain_keys/verify"


def domain_checks(recording: Recording) -> tuple[Entry[FrameRequest], ...]:
    """Every check that was made. Raises NotApplicable: between localhost and localhost there is none."""
    found = tuple(entry for entry in recording.of(FrameRequest) if _CHECK in entry.data.url)
    if not found and refusal(recording) is None and breakdown(recording) is None:
        raise NotApplicable("the component made no domain check")
    return found


def verified(check: Entry[FrameRequest]) -> bool | None:
    """What the check answered; None when its answer was not recorded or there was none."""
    status = check.data.status or 0
    if 400 <= status < 500 and status not in {408, 429}:
        return False
    try:
        answer = parse_json(check.data.body or "")
    except ValueError:
        return None
    return answer.get("verified") is True if status == 200 and isinstance(answer, Mapping) else None


def refusal(recording: Recording) -> Entry[Report] | None:
    """The component's own report that the domain is not allowed."""
    return _report(recording, re.compile(r"Domain verification failed"))


def breakdown(recording: Recording) -> Entry[Report] | None:
    """The component's own report that the check could not be made."""
    return _report(recording, re.compile(r"DomainVerificationRequestError|Domain verification request"))


def _report(recording: Recording, pattern: re.Pattern[str]) -> Entry[Report] | None:
    for entry in recording.of(ComponentEvent, ComponentError, ComponentConsole):
        if pattern.search(_said(entry.data)):
            return entry
    return None


def _said(report: Report) -> str:
    match report:
        case ComponentEvent(detail=detail):
            return str(detail)
        case ComponentError(message=message, stack=stack):
            return f"{message}\n{stack}"
        case ComponentConsole(text=text):
            return text
