"""A diagnosis without the secrets that its words quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatkit_doctor.audits.audit import Evidence, Failure, Finding
from chatkit_doctor.diagnosis.diagnosis import Cause, Diagnosis, Symptom
from chatkit_doctor.diagnosis.parting import Parting
from chatkit_doctor.recording.redaction import Redactor


def masked(diagnosis: Diagnosis, redactor: Redactor) -> Diagnosis:
    """The same answer, with every secret masked in what it says."""
    return _Masker(redactor).diagnosis(diagnosis)


class _Masker:
    def __init__(self, redactor: Redactor) -> None:
        self._text = redactor.text
        self._member = redactor.member

    def diagnosis(self, diagnosis: Diagnosis) -> Diagnosis:
        return replace(
            diagnosis,
            reason=self._text(diagnosis.reason),
            symptoms=tuple(map(self._symptom, diagnosis.symptoms)),
            cause=None if diagnosis.cause is None else self._cause(diagnosis.cause),
            contributing=tuple(map(self._cause, diagnosis.contributing)),
            warnings=tuple(map(self._cause, diagnosis.warnings)),
            findings=tuple(map(self._finding, diagnosis.findings)),
            causes=tuple(map(self._cause, diagnosis.causes)),
            experiment=self._text(diagnosis.experiment),
            parting=None if diagnosis.parting is None else self._parting(diagnosis.parting),
        )

    def _parting(self, parting: Parting) -> Parting:
        return replace(
            parting,
            event=self._text(parting.event),
            seen=self._text(parting.seen),
            simulated=self._text(parting.simulated),
        )

    def _symptom(self, symptom: Symptom) -> Symptom:
        return replace(symptom, failure=self._failure(symptom.failure))

    def _finding(self, finding: Finding) -> Finding:
        failures = tuple(map(self._failure, finding.failures))
        return replace(finding, failures=failures, note=self._text(finding.note))

    def _failure(self, failure: Failure) -> Failure:
        return replace(
            failure,
            evidence=self._evidence(failure.evidence),
            title=self._text(failure.title),
            why=self._text(failure.why),
            fix=self._text(failure.fix),
            details=self._details(failure.details),
        )

    def _cause(self, cause: Cause) -> Cause:
        return replace(
            cause,
            evidence=self._evidence(cause.evidence),
            title=self._text(cause.title),
            why=self._text(cause.why),
            fix=self._text(cause.fix),
            also=tuple(map(self._text, cause.also)),
            details=self._details(cause.details),
        )

    def _evidence(self, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(replace(each, text=self._text(each.text)) for each in evidence)

    def _details(self, details: Mapping[str, object]) -> dict[str, object]:
        return {name: self._value(value) for name, value in details.items()}

    def _value(self, value: object) -> object:
        match value:
            case str():
                return self._text(value)
            case Mapping():
                return {
                    self._text(str(name)): self._member(str(name), each)
                    if isinstance(each, str)
                    else self._value(each)
                    for name, each in value.items()
                }
            case list() | tuple() | set() | frozenset():
                return [self._value(each) for each in value]
            case _:
                return value
