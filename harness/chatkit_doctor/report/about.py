"""What the ids of a report mean, to stand in it: whoever opens it may have nothing else."""

from __future__ import annotations

from chatkit_doctor.explain.explain import explanations
from chatkit_doctor.explain.model import Explanation
from chatkit_doctor.report.model import ReportModel


def about(report: ReportModel) -> list[Explanation]:
    """The explanation of the root cause, of those behind it, of each symptom, and of each warning, each once.

    A report of another version may have ids that are unknown here: those are left out.
    """
    causes = [report.cause, *report.contributing] if report.cause is not None else []
    ids = [cause.id for cause in causes]
    ids += [symptom.id for symptom in report.symptoms]
    ids += [warning.id for warning in report.warnings]
    known = explanations()
    return [known[id_] for id_ in dict.fromkeys(ids) if id_ in known]
