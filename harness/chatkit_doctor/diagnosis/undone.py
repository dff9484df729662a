"""What is not a fault of its own: it goes with the repair of another one.

An item whose end came under a name that ChatKit does not know is never done, and is done once the event has
its name. Audits report both; a user has one thing to fix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from chatkit_doctor.audits.audit import Finding, Status
from chatkit_doctor.conversation.recorded import conversation_of
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.diagnosis.experiment import Experiments, TooMuchWorkError
from chatkit_doctor.diagnosis.needed import is_of_absence
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.repairs.condensed import condensed
from chatkit_doctor.repairs.registry import REPAIRS

_MOST_BYTES: Final = 256 * 1024
"""Of the bodies of a session without symptoms: its warnings are not worth long simulations."""


def failed_causes(findings: Iterable[Finding]) -> list[str]:
    """The causes among findings, in their order."""
    return [
        finding.audit.id
        for finding in findings
        if finding.status is Status.FAILED and not finding.audit.is_symptom
    ]


def undone(experiments: Experiments, repairs: Iterable[frozenset[str]]) -> frozenset[str]:
    """What no longer exists with any of these sets of repairs, and is none of the set. Raises
    TooMuchWorkError."""
    before = frozenset(failed_causes(experiments.findings(frozenset())))
    gone = (before - {*failed_causes(experiments.findings(each)), *each} for each in repairs)
    return frozenset[str]().union(*gone)


def what_came(experiments: Experiments, findings: Iterable[Finding]) -> list[frozenset[str]]:
    """The repairs, each by itself, of what came and was wrong. Raises TooMuchWorkError."""
    return [
        frozenset({finding.audit.id})
        for finding in findings
        if finding.failures
        and not finding.audit.is_symptom
        and not is_of_absence(finding)
        and finding.audit.id in REPAIRS
        and REPAIRS[finding.audit.id].conversation is not None
        and experiments.changes(finding.audit.id)
    ]


def quiet(recording: Recording, diagnosis: Diagnosis) -> Diagnosis:
    """A diagnosis without symptoms, without warnings of what goes with another one of them."""
    warned = {warning.id for warning in diagnosis.warnings}
    findings = [finding for finding in diagnosis.findings if finding.audit.id in warned]
    absent = {finding.audit.id for finding in findings if is_of_absence(finding)}
    if not absent or absent == warned:
        return diagnosis
    short = condensed(conversation_of(recording))
    if sum(len(call.body) for call in short.calls) > _MOST_BYTES:
        return diagnosis
    experiments = Experiments(short)
    try:
        gone = undone(experiments, what_came(experiments, findings)) & absent
    except TooMuchWorkError:
        return diagnosis
    return replace(diagnosis, warnings=tuple(each for each in diagnosis.warnings if each.id not in gone))
