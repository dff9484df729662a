"""How sure a cause is before a browser has tried it out.

``certain`` is what a layer shows directly and an experiment confirms: with the fault repaired, symptoms are
gone. Where no experiment could be made, because nothing can be repaired in the conversation or only the page
can be, it is certain only if nothing else that was found accounts for the same symptoms. All else is
``likely``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from chatkit_doctor.audits.audit import Finding
from chatkit_doctor.diagnosis.diagnose import accounts_for
from chatkit_doctor.diagnosis.diagnosis import Cause, Diagnosis, Symptom
from chatkit_doctor.diagnosis.needed import Found, may_be_unread
from chatkit_doctor.repairs.registry import REPAIRS
from chatkit_doctor.vocabulary import Confidence

_EFFECTS: Final = frozenset({"handler-error", "render-error"})
"""What another fault does in the component: no other explanation of the same."""


def graded(found: Iterable[Found], others: Sequence[Found], absent: Collection[str]) -> list[Found]:
    """Causes that were found by experiments, among others that account for something; none is ``absent``."""
    rivals = [e for e in others if e.could_bring is not None and e.cause.id not in _EFFECTS | set(absent)]
    return [unsure(each) if _has_rival(each, rivals) else each for each in found]


def _has_rival(found: Found, rivals: Iterable[Found]) -> bool:
    """Whether something else accounts for what only this one's layer speaks for."""
    if found.could_bring is None:
        return False
    return any(
        rival.cause.id != found.cause.id and found.brings & (rival.could_bring or frozenset())
        for rival in rivals
    )


def unsure(found: Found) -> Found:
    """The same, whose own repair takes nothing away, or cannot be tried out."""
    return replace(found, cause=_likely(found.cause))


def by_layers_alone(diagnosis: Diagnosis) -> Diagnosis:
    """The same answer, of which no experiment could be made."""
    root = diagnosis.cause
    if root is None or not _is_open(root, diagnosis):
        return diagnosis
    causes = tuple(_likely(each) if each.id == root.id else each for each in diagnosis.causes)
    return replace(diagnosis, cause=_likely(root), causes=causes)


def _is_open(root: Cause, diagnosis: Diagnosis) -> bool:
    """Whether a repair could have been tried out and was not, or something else may be the cause."""
    repair = REPAIRS.get(root.id)
    if repair is not None and repair.conversation is not None and repair.page is None:
        return True
    own = next((each for each in diagnosis.findings if each.audit.id == root.id), None)
    symptoms = [each for each in diagnosis.symptoms if own is not None and _accounts(own, each)]
    return any(
        finding.audit.id not in {root.id, *_EFFECTS}
        and not finding.audit.is_symptom
        and not may_be_unread(finding, diagnosis.findings)
        and any(_accounts(finding, symptom) for symptom in symptoms)
        for finding in diagnosis.findings
    )


def _accounts(finding: Finding, symptom: Symptom) -> bool:
    return any(accounts_for(finding, failure, symptom) for failure in finding.failures)


def _likely(cause: Cause) -> Cause:
    return replace(cause, confidence=Confidence.LIKELY)
