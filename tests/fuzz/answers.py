"""What is answered about a stream, to be compared, and what is asked of every answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from chatkit_doctor.audits.audit import Status
from chatkit_doctor.diagnosis.diagnosis import Diagnosis

_NEVER_SEEN: Final = {
    "user-message-missing": "user-message-vanished",
    "reply-missing": "reply-vanished",
}
"""Whether something that goes at once was painted before is a matter of one frame."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A diagnosis in its ids."""

    verdict: str
    cause: str
    symptoms: tuple[str, ...]

    @classmethod
    def of(cls, diagnosis: Diagnosis) -> Answer:
        """The ids of a diagnosis."""
        symptoms = tuple(sorted({symptom.id for symptom in diagnosis.symptoms}))
        return cls(diagnosis.verdict, diagnosis.cause.id if diagnosis.cause else "", symptoms)

    def is_like(self, other: Answer) -> bool:
        """Whether two sessions of one stream were answered alike."""
        return self._told() == other._told()

    def _told(self) -> tuple[str, str, frozenset[str]]:
        gone = frozenset(_NEVER_SEEN.get(symptom, symptom) for symptom in self.symptoms)
        return self.verdict, self.cause, gone

    def __str__(self) -> str:
        return f"{self.verdict}, {self.cause or 'no cause'}, {', '.join(self.symptoms) or 'no symptom'}"


@dataclass(slots=True)
class Fuzzed:
    """What came of so many streams: complaints by kind, each with the streams it is about."""

    through: str
    count: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    right: int = 0
    """Sessions at whose end the screen shows what the backend meant, and nothing else."""
    complaints: dict[str, list[str]] = field(default_factory=dict)
    slowest_s: float = 0.0
    slowest: str = ""
    notes: list[str] = field(default_factory=list)

    def took(self, seconds: float, name: str) -> None:
        """Remember which stream took longest."""
        if seconds > self.slowest_s:
            self.slowest_s, self.slowest = seconds, name

    def complain(self, kind: str, name: str, about: str = "") -> None:
        """Something that must not be."""
        self.complaints.setdefault(kind, []).append(f"{name}{f' ({about})' if about else ''}")

    def answered(self, name: str, diagnosis: Diagnosis) -> None:
        """Count the answer, and complain of audits that failed themselves."""
        self.count += 1
        self.verdicts[diagnosis.verdict] = self.verdicts.get(diagnosis.verdict, 0) + 1
        for kind in broken_audits(diagnosis):
            self.complain(kind, name)

    def lines(self, most: int) -> Iterator[str]:
        """The numbers, and of each kind of complaint so many streams."""
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(self.verdicts.items()))
        yield f"{self.through}: {self.count} streams: {verdicts}"
        if self.right:
            yield f"  {self.right} end with the replies that were meant"
        yield f"  the slowest took {self.slowest_s:.1f} s: {self.slowest}"
        yield from (f"  {note}" for note in self.notes)
        for kind, names in sorted(self.complaints.items(), key=lambda each: -len(each[1])):
            yield f"  {len(names):4} {kind}"
            yield from (f"         {name}" for name in names[:most])


def broken_audits(diagnosis: Diagnosis) -> Iterable[str]:
    """The audits that did not bear what they were given."""
    for finding in diagnosis.findings:
        if finding.status is Status.ERROR:
            yield f"the audit {finding.audit.id} failed itself: {finding.note}"
