"""The timeline with every entry in it that something found is based on, so that all evidence can be
linked."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from chatkit_doctor.report.model import EvidenceModel, MomentModel, ReportModel


def with_evidence(report: ReportModel) -> list[MomentModel]:
    """The rows of the timeline, and one for each entry that evidence names and no row tells of yet.

    What several findings say of an entry is told once, in the words of the first of them: the root cause.
    """
    told = {moment.n for moment in report.timeline}
    added: dict[int, MomentModel] = {}
    for layer, evidence in _evidence(report):
        if evidence.n and evidence.n not in told and evidence.n not in added:
            added[evidence.n] = MomentModel(t_ms=evidence.t_ms, layer=layer, text=evidence.text, n=evidence.n)
    if not added:
        return report.timeline
    # Merged, not sorted: the timeline's own order is that of cause and effect.
    return list(heapq.merge(report.timeline, sorted(added.values(), key=_when), key=_when))


def _when(moment: MomentModel) -> float:
    return moment.t_ms


def _evidence(report: ReportModel) -> Iterator[tuple[str, EvidenceModel]]:
    causes = [report.cause] if report.cause is not None else []
    for cause in (*causes, *report.causes, *report.contributing, *report.warnings):
        for each in cause.evidence:
            yield cause.layer or "", each
    for finding in report.findings:
        for each in finding.evidence:
            yield finding.layer or "", each
    for symptom in report.symptoms:
        for each in symptom.evidence:
            yield "dom", each
