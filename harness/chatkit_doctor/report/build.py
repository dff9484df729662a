"""From a recording and its diagnosis to the report object; from many reports to that of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from chatkit_doctor.audits.audit import Evidence, Failure, Finding, Status
from chatkit_doctor.diagnosis.diagnosis import Cause, Diagnosis, Symptom
from chatkit_doctor.diagnosis.parting import Parting
from chatkit_doctor.engine.events import Judgement
from chatkit_doctor.engine.remedies import NO_REMEDIES, Remedies
from chatkit_doctor.recording.entries import PaintScreenshot
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.hosted import is_hosted
from chatkit_doctor.recording.views.messages import Message, messages
from chatkit_doctor.recording.views.timeline import timeline
from chatkit_doctor.recording.views.versions import versions
from chatkit_doctor.report.model import (
    CauseModel,
    EvidenceModel,
    ExpectationModel,
    FindingModel,
    MessageModel,
    PartingModel,
    RemainingModel,
    ReportModel,
    RunModel,
    RunTotals,
    ScreenshotModel,
    StrictModel,
    SymptomModel,
    UnansweredModel,
)
from chatkit_doctor.report.next_commands import next_commands
from chatkit_doctor.report.operations import operation_models, operations_left_out
from chatkit_doctor.report.remedies import CORRECTED, correction_model, request_model
from chatkit_doctor.report.reproduce import FILE as REPRODUCE
from chatkit_doctor.report.streams import stream_models
from chatkit_doctor.report.timeline_rows import moments, told_messages
from chatkit_doctor.report.unrecorded import unrecorded
from chatkit_doctor.report.wording import Outcome, outcome
from chatkit_doctor.version import __version__
from chatkit_doctor.vocabulary import SYMPTOMS, Verdict

VANISHED: Final = "vanished-"
"""What pictures of moments are called at which something was gone."""
MOST_EVIDENCE: Final = 20
"""Pieces of evidence kept of one finding."""
_ANSWERED: Final = frozenset({Status.PASSED, Status.FAILED})


def report_of(judgement: Judgement, artifacts: Mapping[str, str], *, strict: bool = False) -> ReportModel:
    """The report of one session; ``artifacts`` are paths relative to the report's folder.

    ``strict``: warnings count as failures.
    """
    drift, remedies = judgement.drift, judgement.remedies or NO_REMEDIES
    expectation = None if drift is None else ExpectationModel(met=not drift, drift=list(drift))
    report = build_report(
        judgement.recording,
        judgement.diagnosis,
        artifacts=artifacts,
        expectation=expectation,
        strict=_strict(judgement) if strict else None,
        remedies=remedies,
    )
    if judgement.proof is None:
        return report
    # It takes a while to import, and few sessions are proven.
    from chatkit_doctor.report.proof import proof_model

    return report.model_copy(update={"proof": proof_model(judgement.proof, remedies.changes)})


def build_report(
    recording: Recording,
    diagnosis: Diagnosis,
    *,
    artifacts: Mapping[str, str],
    expectation: ExpectationModel | None,
    strict: StrictModel | None = None,
    duration_ms: float | None = None,
    remedies: Remedies = NO_REMEDIES,
) -> ReportModel:
    """The report of one session.

    ``artifacts`` are paths relative to the report's folder; the files that the report itself brings are added
    to them. ``duration_ms`` is the wall time of the session; without it the length of the recording counts.
    """
    header = recording.header
    name = header.name
    written = {"corrected": CORRECTED} if remedies.streams else {}
    written |= {"reproduce": REPRODUCE} if remedies.commands else {}
    return ReportModel(
        tool=__version__,
        name=name,
        title=header.title or name,
        verdict=diagnosis.verdict,
        reason=diagnosis.reason,
        mode="hosted" if is_hosted(recording) else "",
        unrecorded=unrecorded(recording),
        symptoms=[_symptom(symptom) for symptom in diagnosis.symptoms],
        cause=_cause(diagnosis.cause) if diagnosis.cause is not None else None,
        contributing=[_cause(cause) for cause in diagnosis.contributing],
        causes=[_cause(cause) for cause in diagnosis.causes],
        alternatives=[list(each) for each in diagnosis.alternatives],
        experiment=diagnosis.experiment,
        remaining=[RemainingModel(id=each.id, turn=each.turn) for each in diagnosis.remaining],
        parting=_parting(diagnosis.parting) if diagnosis.parting is not None else None,
        warnings=[_cause(cause) for cause in diagnosis.warnings],
        strict=strict,
        findings=[_finding(each, diagnosis) for each in diagnosis.findings if each.status is Status.FAILED],
        passed=[each.audit.id for each in diagnosis.findings if each.status is Status.PASSED],
        unanswered=[_unanswered(each) for each in diagnosis.findings if each.status not in _ANSWERED],
        layers={str(layer): str(state) for layer, state in diagnosis.layers.items()},
        operations=operation_models(recording),
        operations_left_out=operations_left_out(recording),
        streams=stream_models(recording),
        messages=messages_of(recording),
        timeline=moments(recording),
        screenshots=screenshots_of(recording),
        corrections=[correction_model(stream) for stream in remedies.streams],
        reproduce=[request_model(command) for command in remedies.commands],
        expectation=expectation,
        runtime=header.runtime.as_json(),
        browser=header.browser.as_json() if header.browser is not None else {},
        target=header.target.as_json(),
        versions=dict(versions(recording)),
        next=next_commands(
            diagnosis.verdict, diagnosis.cause.id if diagnosis.cause is not None else None, header.target
        ),
        artifacts={**artifacts, **written},
        started_at=header.started_at,
        duration_ms=round(recording.derive(timeline).end_ms if duration_ms is None else duration_ms, 1),
    )


def build_run(
    reports: Sequence[ReportModel],
    *,
    duration_ms: float,
    started_at: str | None = None,
    not_run: Sequence[str] = (),
) -> RunModel:
    """The report of a run, with the runtime and browser its sessions had in common.

    Without ``started_at`` the run began with its first session. It passes when every session led where it
    should; one that could not be checked, or was ``not_run``, is never green.
    """
    outcomes = Counter(outcome(report) for report in reports)
    expected = Counter(outcome(report) for report in reports if report.expectation is not None)
    verdict = Verdict.PASS
    if outcomes[Outcome.FAILED]:
        verdict = Verdict.FAIL
    elif outcomes[Outcome.INCONCLUSIVE] or not_run or not reports:
        verdict = Verdict.INCONCLUSIVE
    return RunModel(
        tool=__version__,
        verdict=verdict,
        totals=RunTotals(
            scenarios=len(reports),
            as_expected=expected[Outcome.PASSED],
            drifted=expected[Outcome.FAILED],
            passed=outcomes[Outcome.PASSED] - expected[Outcome.PASSED],
            failed=outcomes[Outcome.FAILED] - expected[Outcome.FAILED],
            inconclusive=outcomes[Outcome.INCONCLUSIVE],
            not_run=len(not_run),
            duration_ms=round(duration_ms, 1),
        ),
        runtime=reports[0].runtime if reports else {},
        browser=reports[0].browser if reports else {},
        started_at=started_at or (reports[0].started_at if reports else ""),
        scenarios=list(reports),
        not_run=list(not_run),
    )


def _strict(judgement: Judgement) -> StrictModel:
    """The warnings that count. One that a scenario expects is part of where it should lead."""
    expect = judgement.recording.header.expect
    named = expect.get("warnings") if isinstance(expect, dict) else None
    expected = named if isinstance(named, list) else []
    passes = judgement.diagnosis.verdict is Verdict.PASS
    counting = [each.id for each in judgement.diagnosis.warnings if passes and each.id not in expected]
    return StrictModel(failed=bool(counting), warnings=counting)


def _evidence(evidence: Sequence[Evidence]) -> list[EvidenceModel]:
    return [EvidenceModel(n=each.n, t_ms=each.t_ms, text=each.text) for each in evidence[:MOST_EVIDENCE]]


def _symptom(symptom: Symptom) -> SymptomModel:
    failure = symptom.failure
    return SymptomModel(
        id=symptom.id,
        turn=failure.turn,
        t_ms=failure.t_ms,
        title=failure.title or SYMPTOMS[symptom.id],
        evidence=_evidence(failure.evidence),
        details=dict(failure.details),
        cause=symptom.cause,
    )


def _parting(parting: Parting) -> PartingModel:
    return PartingModel(
        n=parting.n,
        t_ms=parting.t_ms,
        event=parting.event,
        seen=parting.seen,
        simulated=parting.simulated,
    )


def _cause(cause: Cause) -> CauseModel:
    return CauseModel(
        id=cause.id,
        layer=cause.layer,
        confidence=cause.confidence,
        title=cause.title,
        why=cause.why,
        fix=cause.fix,
        evidence=_evidence(cause.evidence),
        details=dict(cause.details),
        also=list(cause.also[:MOST_EVIDENCE]),
    )


def _finding(finding: Finding, diagnosis: Diagnosis) -> FindingModel:
    audit = finding.audit
    first: Failure | None = finding.failures[0] if finding.failures else None
    return FindingModel(
        id=audit.id,
        layer=audit.layer,
        role=_role(finding, diagnosis),
        title=(first.title if first is not None else "") or audit.title,
        evidence=_evidence([each for failure in finding.failures for each in failure.evidence]),
        details=dict(first.details) if first is not None else {},
    )


def _unanswered(finding: Finding) -> UnansweredModel:
    return UnansweredModel(
        id=finding.audit.id, layer=finding.audit.layer, status=finding.status, why=finding.note
    )


def _role(finding: Finding, diagnosis: Diagnosis) -> str:
    audit = finding.audit
    if audit.is_symptom:
        return "symptom"
    if diagnosis.cause is not None and diagnosis.cause.id == audit.id:
        return "root-cause"
    return "contributing" if any(cause.id == audit.id for cause in diagnosis.contributing) else "warning"


def messages_of(recording: Recording) -> list[MessageModel]:
    """What a user could read in a session."""
    return [
        MessageModel(
            role=message.role,
            kind=message.kind,
            text=message.said,
            appeared_ms=message.readable_ms,
            vanished_ms=message.vanished_ms,
            visible_ms=message.visible_ms,
            turn=message.turn,
        )
        for message in told_messages(recording)
        if message.said or message.painted
    ]


def screenshots_of(recording: Recording) -> list[ScreenshotModel]:
    """The pictures of a session, without those of moments at which nothing had gone."""
    return [
        ScreenshotModel(name=shot.data.name, why=shot.data.why, t_ms=shot.t, file=shot.data.file)
        for shot in recording.of(PaintScreenshot)
        if not shot.data.name.startswith(VANISHED) or _has_vanished(recording, shot.t)
    ]


def _has_vanished(recording: Recording, t_ms: float) -> bool:
    """Whether anything that was on screen had gone permanently by then: what is shown again reappears."""
    if any(
        m.painted and m.vanished_ms is not None and m.vanished_ms <= t_ms for m in recording.derive(messages)
    ):
        return True
    began: set[int] = set()
    for state in recording.derive(timeline).painted:
        if state.t > t_ms:
            break
        if state.view == "thread" and not state.empty:
            began.add(state.document)
        elif state.document in began:
            return True
    return any(_is_wiped(message, t_ms) for message in recording.derive(messages))


def _is_wiped(message: Message, t_ms: float) -> bool:
    last = message.wordings[-1]
    return message.painted and bool(message.said) and not last.text.strip() and last.t <= t_ms
