"""What an audit is: one file, one question, one id; a pure function from a recording to failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chatkit_doctor.recording.entries import Entry, EntryData
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS, Confidence, Layer

EVERYTHING: Final = frozenset(SYMPTOMS)
"""For causes that can cause any symptom."""


class Status(StrEnum):
    """The result of one audit."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not-applicable"
    """The recording holds nothing the question could be asked of."""
    NOT_TESTABLE = "not-testable"
    """What the audit needs was not recorded. Never counted as passed."""
    ERROR = "error"
    """The audit itself failed: a defect of this program, reported and survived."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation a failure is based on: a journal entry (0 for "something that never came") in words."""

    n: int
    t_ms: float
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One place where the recording answers the audit's question with no.

    ``turn`` counts from 1 and ``t_ms`` is on the session's clock, where they apply. ``title``, ``why`` and
    ``fix`` override the audit's own general words with what is known of this very case.
    """

    evidence: tuple[Evidence, ...]
    turn: int | None = None
    t_ms: float | None = None
    title: str = ""
    why: str = ""
    fix: str = ""
    confidence: Confidence = Confidence.CERTAIN
    warns_only: bool = False
    """Whether this very case can cause nothing that a user would see."""
    explains: frozenset[str] | None = None
    """The symptoms this very case can cause, where they are fewer than its audit's."""
    is_overdue: bool = False
    """Whether something came that belongs behind what is missed: the backend went on without it."""
    details: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


class NotApplicable(Exception):  # noqa: N818 - an answer, not an error
    """Raised by an audit whose question cannot be asked of this recording; the argument says why."""


class NotTestable(Exception):  # noqa: N818 - an answer, not an error
    """Raised by an audit that lacks input it needs; the argument says what is missing."""


Judge = Callable[[Recording], Iterable[Failure]]


@dataclass(frozen=True, slots=True)
class Audit:
    """One question asked of a recording.

    ``id`` is a symptom or a cause of the vocabulary. ``needs`` are types of entries without which the
    question cannot be answered at all. ``explains`` are the symptoms a cause can cause; a symptom's
    audit leaves it empty.
    """

    id: str
    passes: str
    why: str
    fix: str
    judge: Judge
    needs: tuple[type[EntryData], ...] = ()
    explains: frozenset[str] = frozenset()
    seen_at: Layer = Layer.DOM
    """For a symptom: the layer in which it shows."""

    def __post_init__(self) -> None:
        if self.id not in SYMPTOMS and self.id not in CAUSES:
            raise ValueError(f"{self.id!r} is neither a symptom nor a cause of the vocabulary")
        if unknown := self.explains - EVERYTHING:
            raise ValueError(f"{self.id}: {sorted(unknown)} are no symptoms")

    @property
    def is_symptom(self) -> bool:
        """Whether this audit looks for what the user sees, not for why."""
        return self.id in SYMPTOMS

    @property
    def title(self) -> str:
        """One line that says what a failure means."""
        return SYMPTOMS[self.id] if self.is_symptom else CAUSES[self.id][1]

    @property
    def layer(self) -> Layer:
        """Where the audit looks: symptoms are seen in the rendered transcript unless their file says else."""
        return self.seen_at if self.is_symptom else (CAUSES[self.id][0] or Layer.COMPONENT)


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one audit to one recording."""

    audit: Audit
    status: Status
    failures: tuple[Failure, ...] = ()
    note: str = ""


def seen(entry: Entry[EntryData], text: str) -> Evidence:
    """Evidence that is based on one journal entry."""
    return Evidence(entry.n, entry.t, text)


def absent(t_ms: float, text: str) -> Evidence:
    """Evidence that something never came, with the time until which it was waited for."""
    return Evidence(0, t_ms, text)
