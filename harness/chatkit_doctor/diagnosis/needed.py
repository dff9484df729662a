"""Of the faults that account for what was seen, those that an explanation needs.

A fault whose repair was tried out stands for what its repair removes. One without a repair can only be
laid beside the symptoms: there the smallest explanation counts, and what came explains what never came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from chatkit_doctor.audits.audit import Finding
from chatkit_doctor.diagnosis.diagnosis import Cause
from chatkit_doctor.diagnosis.experiment import SymptomKey

UNREAD: Final = frozenset({"sse-bad-json", "sse-bad-framing"})
"""Causes that leave open what an event said. It may have been the very one that is missed."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cause, and how it was found."""

    finding: Finding
    cause: Cause
    inner: int
    """Behind how many repaired faults it showed; 0 for what the recording itself shows."""
    brings: frozenset[SymptomKey]
    """The symptoms that it stands for."""
    could_bring: frozenset[SymptomKey] | None = None
    """All that it can cause of what was seen, for a fault without a repair; None for one whose
    repair was tried out."""

    @property
    def is_of_absence(self) -> bool:
        """Whether it is based on something that never came."""
        return is_of_absence(self.finding)

    @property
    def is_overdue(self) -> bool:
        """Whether what it misses was due before something that came."""
        return any(failure.is_overdue for failure in self.finding.failures)


def is_of_absence(finding: Finding) -> bool:
    """Whether a finding is based on something that never came."""
    return any(evidence.n == 0 for failure in finding.failures for evidence in failure.evidence)


def may_be_unread(finding: Finding, findings: Iterable[Finding]) -> bool:
    """Whether what a finding misses may have come in events of the same turns that nobody could read."""
    unread = {failure.turn for each in findings if each.audit.id in UNREAD for failure in each.failures}
    return is_of_absence(finding) and unread >= {failure.turn for failure in finding.failures}


def needed(found: Sequence[Found], observed: frozenset[SymptomKey]) -> tuple[list[Found], frozenset[str]]:
    """The faults that what was observed needs, and the ids of what never came because of one of these."""
    untried = [each for each in found if each.could_bring is not None and each.brings]
    chiefs = [each for each in untried if not any(_takes(other, each, found) for other in untried)]
    chiefs += [e for e in found if e.could_bring is not None and e.cause.id in UNREAD and e not in chiefs]
    ids = {each.cause.id for each in chiefs}
    tried: list[Found] = []
    absent: set[str] = set()
    for each in found:
        if each.cause.id in ids:
            continue
        place = next((n for n, chief in enumerate(chiefs) if _explains_absence(chief, each, observed)), None)
        if place is not None:
            absent.add(each.cause.id)
            chiefs[place] = replace(chiefs[place], brings=chiefs[place].brings | each.brings)
        elif each.could_bring is None:
            tried.append(each)
    return [*tried, *(chief for chief in chiefs if chief.brings)], frozenset(absent)


def _takes(one: Found, other: Found, found: Sequence[Found]) -> bool:
    """Whether one untried fault stands for all that another does, and for more, or else was there."""
    if one is other or not other.brings <= one.brings:
        return False
    ranks = [
        (-len(e.brings), -len(e.could_bring or ()), e.is_of_absence, found.index(e)) for e in (one, other)
    ]
    return ranks[0] < ranks[1]


def _explains_absence(chief: Found, other: Found, observed: frozenset[SymptomKey]) -> bool:
    """Whether a needed fault accounts for all that another one does that only misses something.

    An error that ends an answer keeps back what was still to come. Where something came that belongs behind
    what is missed, the backend left it out by itself.
    """
    if other.is_overdue and chief.cause.id not in UNREAD:
        return False
    accounts = other.brings if other.could_bring is None else other.could_bring
    return other.is_of_absence and accounts & observed <= (chief.could_bring or frozenset())
