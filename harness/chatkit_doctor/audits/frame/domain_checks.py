"""The component's check of the page's domain, as it was recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from chatkit_doctor.audits.audit import NotApplicable
from chatkit_doctor.protocol.payload import parse_json
from chatkit_doctor.recording.reader import Entry, Recording

_CHECK: Final = "/domain_keys/verify"


def domain_checks(recording: Recording) -> tuple[Entry, ...]:
    """Every check that was made. Raises NotApplicable: between localhost and localhost there is none."""
    found = tuple(entry for entry in recording.of("frame.request") if _CHECK in entry.text("url"))
    if not found and refusal(recording) is None and breakdown(recording) is None:
        raise NotApplicable("the domain was not checked")
    return found


def verified(check: Entry) -> bool | None:
    """What the check answered; None when its answer was not recorded or there was none."""
    status = check.number("status")
    if 400 <= status < 500 and status not in {408, 429}:
        return False
    body: object = check.data.get("body")
    if isinstance(body, str):
        try:
            body = parse_json(body)
        except ValueError:
            return None
    if status == 200 and isinstance(body, Mapping):
        return body.get("verified") is True
    return None


def refusal(recording: Recording) -> Entry | None:
    """The component's own report that the domain is not allowed."""
    return _report(recording, re.compile(r"Domain verification failed"))


def breakdown(recording: Recording) -> Entry | None:
    """The component's own report that the check could not be made."""
    return _report(recording, re.compile(r"DomainVerificationRequestError|Domain verification request"))


def _report(recording: Recording, pattern: re.Pattern[str]) -> Entry | None:
    for entry in recording.of("component.event", "component.error", "component.console"):
        said = str(entry.data.get("detail") if entry.kind == "component.event" else entry.data)
        if pattern.search(said):
            return entry
    return None
