"""What replays of a failed session have shown about its cause."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatkit_doctor.conversation.conversation import Conversation
    from chatkit_doctor.diagnosis.diagnosis import Diagnosis
    from chatkit_doctor.recording.reader import Recording
    from chatkit_doctor.scenario.model import Scenario


class ProofOutcome(StrEnum):
    """What the replays say of the suspicion."""

    PROVEN = "proven"
    """As it was recorded the symptoms came again; with the repair, and nothing else, they are gone."""
    DISPROVEN = "disproven"
    """The symptoms came again, and no repair that was tried takes them away."""
    NOT_REPRODUCIBLE = "not-reproducible"
    """The same bytes at the same pace did not lead to the same symptoms."""
    NOT_TRIED = "not-tried"
    """Nothing could be repaired."""
    BROKEN_OFF = "broken-off"
    """It was stopped, or a limit came."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A session that was replayed, with these faults repaired, and what came of it."""

    repaired: tuple[str, ...]
    """The causes whose repairs were made; none for what was recorded."""
    place: str
    """Its folder below that of the session."""
    recording: Recording = field(repr=False)
    diagnosis: Diagnosis = field(repr=False)

    @property
    def symptoms(self) -> frozenset[str]:
        """The ids of the symptoms that it showed."""
        return frozenset(symptom.id for symptom in self.diagnosis.symptoms)


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome, and the replays that it is based on, the one as recorded first."""

    outcome: ProofOutcome
    note: str = ""
    """Why it is not proven, in words; empty where it is."""
    causes: tuple[str, ...] = ()
    """What was proven: each of these, repaired together with the others, and none of them left out."""
    does: tuple[str, ...] = ()
    """What each repair changed, in words that go on from “The repair …”."""
    replays: tuple[Replay, ...] = ()
    disproven: tuple[str, ...] = ()
    """Suspects whose repair alone left the symptoms as they were, or a part of them."""
    scenario: Scenario | None = field(default=None, repr=False)
    """What was replayed, with the page as repaired."""
    recorded: Conversation | None = field(default=None, repr=False)
    """The conversation as it was recorded."""
    repaired: Conversation | None = field(default=None, repr=False)
    """The conversation as it was repaired, and proven."""

    @property
    def after(self) -> Replay | None:
        """The replay that shows the session without its fault."""
        return self.replays[-1] if self.outcome is ProofOutcome.PROVEN else None
