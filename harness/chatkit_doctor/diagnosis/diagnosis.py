"""What a diagnosis is: symptoms, the one cause, the state of every layer, and a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, Finding
from chatkit_doctor.diagnosis.parting import Parting
from chatkit_doctor.vocabulary import Confidence, Layer, Verdict


class LayerState(StrEnum):
    """How far a message came."""

    OK = "ok"
    BROKEN = "broken"
    NOT_REACHED = "not-reached"
    NOT_TESTABLE = "not-testable"


@dataclass(frozen=True, slots=True)
class Symptom:
    """Something the user sees, at a turn (from 1) and a time (ms) where it has one."""

    id: str
    failure: Failure
    cause: str = ""
    """The id of the fault that brings it about; empty where no experiment told."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why it happened: the id, where it lives, how sure it is, and what to do."""

    id: str
    layer: Layer | None
    confidence: Confidence
    title: str
    why: str
    fix: str
    evidence: tuple[Evidence, ...]
    details: dict[str, object] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    """The other places of the same fault, a sentence each: what is fixed in one is to be fixed in all."""

    @classmethod
    def of(cls, audit: Audit, failure: Failure, others: Iterable[Failure] = ()) -> Cause:
        """The cause a failed audit stands for, in the words of this very case where it has any."""
        said = dict.fromkeys(_sentence(audit, other) for other in others if other is not failure)
        said.pop(_sentence(audit, failure), None)
        return cls(
            audit.id,
            audit.layer,
            failure.confidence,
            failure.title or audit.title,
            failure.why or audit.why,
            failure.fix or audit.fix,
            failure.evidence,
            dict(failure.details),
            tuple(said),
        )


def _sentence(audit: Audit, failure: Failure) -> str:
    """One failure in short: where it is, what it is, and the first sentence of its own remedy."""
    evidence = failure.evidence[0].text if failure.evidence else ""
    what = (failure.title or evidence or failure.why or audit.title).rstrip(".")
    remedy = failure.fix.partition(". ")[0].rstrip(".")
    return f"{what}. {remedy}." if remedy else f"{what}."


@dataclass(frozen=True, slots=True)
class Remaining:
    """A symptom that no repair removes, at its turn (from 1) where it has one."""

    id: str
    turn: int | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The answer for one recording.

    ``reason`` says why an inconclusive diagnosis could not be made. ``warnings`` are causes that brought
    about no symptom, ``contributing`` are those behind the root cause.
    """

    verdict: Verdict
    reason: str
    symptoms: tuple[Symptom, ...]
    cause: Cause | None
    contributing: tuple[Cause, ...]
    warnings: tuple[Cause, ...]
    layers: dict[Layer, LayerState]
    findings: tuple[Finding, ...]
    causes: tuple[Cause, ...] = ()
    """All faults that must be repaired until no symptom is left, the root cause first."""
    alternatives: tuple[tuple[str, ...], ...] = ()
    """Other sets of faults, by their ids, without which no symptom would be left either."""
    experiment: str = ""
    """What the simulated experiments say of the answer where they do not simply agree with it."""
    remaining: tuple[Remaining, ...] = ()
    """The symptoms that are left in the simulation with every fault repaired that can be."""
    parting: Parting | None = None
    """Where the recorded screen parts from the simulated one; None where it does not, or was not compared."""
