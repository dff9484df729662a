"""From findings to the answer: the verdict, the one cause, and how far a message came.

The verdict: ``inconclusive`` for a run that broke off; else ``fail`` with at least one symptom; else
``inconclusive`` when the check could not be made, for a named reason; else ``pass``. In hosted mode nothing
passes, and only what is the page's own fails: :mod:`chatkit_doctor.diagnosis.hosted`.

The root cause is the failed cause audit of the earliest layer that can cause at least one of the
symptoms; of several in that layer the one that accounts for most of them, then one that is based on what came
rather than on what never came, then the first in audit order. Whatever else accounts for a symptom is
contributing; causes without a symptom are warnings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_doctor.audits.audit import Failure, Finding, Status
from chatkit_doctor.diagnosis.diagnosis import Cause, Diagnosis, Symptom
from chatkit_doctor.diagnosis.hosted import of_the_page, reason_of
from chatkit_doctor.diagnosis.layers import layer_states
from chatkit_doctor.diagnosis.needed import is_of_absence, may_be_unread
from chatkit_doctor.diagnosis.obstacles import obstacle_in
from chatkit_doctor.diagnosis.unexplained import unexplained
from chatkit_doctor.recording.entries import PageDocument, SessionBrokeOff
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.vocabulary import LAYERS, Layer, Verdict

OPTIONAL: Final = frozenset({"reply-not-live"})
"""Symptoms whose audit may lack its input in a run that is still green: without a wire (a page's fetch
that answers by itself) nobody knows when the text came, but everybody sees that it is there."""


def diagnose(recording: Recording, findings: tuple[Finding, ...]) -> Diagnosis:
    """The answer for one recording, from the answers of all audits."""
    obstacle = obstacle_in(recording)
    if obstacle is not None:
        findings = obstacle.without(findings)
    untestable = reason_of(recording)
    if untestable:
        findings = of_the_page(findings)
    symptoms = _symptoms(findings)
    causes = ranked_causes(findings, symptoms)
    root = causes[0] if causes else None
    cause = root[1] if root else None
    # Where a session broke off, what would explain it may just not have been seen.
    if symptoms and cause is None and recording.finished and not untestable:
        cause = unexplained(recording, findings, symptoms)
    contributing = tuple(each for _, each in causes[1:])
    explaining = {finding.audit.id for finding, _ in causes}
    warnings = tuple(
        Cause.of(finding.audit, failure, finding.failures)
        for finding in findings
        if not finding.audit.is_symptom
        and finding.audit.id not in explaining
        and not may_be_unread(finding, findings)
        for failure in finding.failures[:1]
    )
    verdict, reason = _verdict(recording, findings, symptoms)
    if obstacle is not None and recording.finished and not symptoms:
        verdict, reason = Verdict.INCONCLUSIVE, obstacle.reason
    if untestable and recording.finished and cause is None:
        inconclusive = reason if verdict is Verdict.INCONCLUSIVE else ""
        verdict, reason = Verdict.INCONCLUSIVE, inconclusive or untestable
    layers = layer_states(recording, findings, cause, contributing)
    return Diagnosis(
        verdict,
        reason,
        symptoms,
        cause,
        contributing,
        warnings,
        layers,
        findings,
        causes=() if cause is None else (cause,),
    )


def _symptoms(findings: Sequence[Finding]) -> tuple[Symptom, ...]:
    found = [
        Symptom(finding.audit.id, failure)
        for finding in findings
        if finding.audit.is_symptom
        for failure in finding.failures
    ]
    return tuple(sorted(found, key=lambda s: s.failure.t_ms if s.failure.t_ms is not None else 0.0))


def ranked_causes(findings: Sequence[Finding], symptoms: tuple[Symptom, ...]) -> list[tuple[Finding, Cause]]:
    """The causes that account for a symptom, the root cause first."""
    ranked = []
    for place, finding in enumerate(findings):
        if finding.audit.is_symptom or may_be_unread(finding, findings):
            continue
        explained = {s.id for s in symptoms if any(accounts_for(finding, f, s) for f in finding.failures)}
        if explained:
            failure = next(f for f in finding.failures if any(accounts_for(finding, f, s) for s in symptoms))
            rank = (_place_of(finding, failure), -len(explained), is_of_absence(finding), place)
            ranked.append((rank, finding, Cause.of(finding.audit, failure, finding.failures)))
    ranked.sort(key=lambda each: each[0])
    return [(finding, cause) for _, finding, cause in ranked]


def _place_of(finding: Finding, failure: Failure) -> int:
    """Where a cause stands on the way of a message.

    What the component does outside any turn, it does with a thread that was read: that comes first.
    """
    is_effect = finding.audit.layer is Layer.COMPONENT and failure.turn is None
    return len(LAYERS) if is_effect else LAYERS.index(finding.audit.layer)


def accounts_for(finding: Finding, failure: Failure, symptom: Symptom) -> bool:
    """Whether a cause can cause a symptom; one of a later turn cannot work backwards."""
    explains = finding.audit.explains if failure.explains is None else failure.explains
    if failure.warns_only or symptom.id not in explains:
        return False
    showed = symptom.failure.details.get("in_turn") or symptom.failure.turn
    return failure.turn is None or not isinstance(showed, int) or failure.turn <= showed


def _verdict(
    recording: Recording, findings: Sequence[Finding], symptoms: tuple[Symptom, ...]
) -> tuple[Verdict, str]:
    broke_off = recording.last(SessionBrokeOff)
    if not recording.finished:
        known = broke_off.data.reason if broke_off else ""
        return Verdict.INCONCLUSIVE, known or "the recording has no footer: the run broke off"
    if symptoms:
        return Verdict.FAIL, ""
    reason = broke_off.data.reason if broke_off else _not_carried_out(recording) or _not_observed(findings)
    return (Verdict.INCONCLUSIVE, reason) if reason else (Verdict.PASS, "")


def _not_carried_out(recording: Recording) -> str:
    """Why the steps themselves leave the question open; empty when they do not."""
    line = recording.derive(timeline)
    if not (recording.simulated or recording.has(PageDocument)):
        return "the page was not loaded"
    for step in line.steps:
        if step.outcome == "limit":
            place = f"turn {step.turn}" if step.turn else f"the step “{step.do}”"
            return f"{place} did not end: the time limit “{step.limit}” was reached"
        if not step.over:
            return f"the step “{step.do}” never ended"
    return "" if line.turns else "no message was sent"


def _not_observed(findings: Sequence[Finding]) -> str:
    """Which symptom could not be looked for, and why; empty when all that matter were."""
    for finding in findings:
        if not finding.audit.is_symptom or finding.audit.id in OPTIONAL:
            continue
        if finding.status is Status.NOT_TESTABLE:
            return f"{finding.audit.id} could not be checked: {finding.note}"
        if finding.status is Status.ERROR:
            return f"the audit {finding.audit.id} failed itself: {finding.note}"
    return "" if any(finding.audit.is_symptom for finding in findings) else "no symptom was checked"
