"""What happens while a plan is carried out, as one stream of typed events.

The engine tells, and knows nobody who listens. A run begins with RunStarted and ends with RunFinished. Each
session has its SessionStarted, its steps, its SessionRecorded, a ReplayStarted for each replay if its cause
is to be proven, and, if the plan wants it judged, its SessionJudged; those of different sessions may be
mixed, those of one come in this order.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatkit_doctor.browser.silence import SoFar
    from chatkit_doctor.diagnosis.diagnosis import Diagnosis
    from chatkit_doctor.engine.proof import Proof
    from chatkit_doctor.engine.remedies import Remedies
    from chatkit_doctor.recording.reader import Recording
    from chatkit_doctor.runtime.runtime import Runtime


@dataclass(frozen=True, slots=True)
class SessionRef:
    """Which session an event is about: its number in the plan, its name, and where its recording goes.

    ``place`` is the path of ``directory`` below the plan's own; empty where it is the same.
    """

    index: int
    name: str
    directory: Path
    place: str = ""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """It is known what will be done, and with which component; ``runtime`` is None where none is needed."""

    name: str
    directory: Path
    sessions: tuple[SessionRef, ...]
    runtime: Runtime | None
    workers: int

    @property
    def is_single(self) -> bool:
        """Whether its only session is in the run's own folder, so that its report stands for the run's."""
        return len(self.sessions) == 1 and not self.sessions[0].place


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """A session begins."""

    session: SessionRef


@dataclass(frozen=True, slots=True)
class Announced:
    """What a session is about to do to someone's backend or page, in words, before it does it."""

    session: SessionRef
    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a session on someone's page or backend waits for, in words; empty when for nothing special."""

    session: SessionRef
    what: str


@dataclass(frozen=True, slots=True)
class StepBegan:
    """A step of a session in a browser begins: its number from 0, and what is done."""

    session: SessionRef
    number: int
    do: str


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A step is over after so many ms; ``limit`` names the limit that it ran into, if it did."""

    session: SessionRef
    number: int
    do: str
    limit: str | None
    waited_ms: float


@dataclass(frozen=True, slots=True)
class Progressed:
    """More has come of a session that a user carries out; ``so_far`` makes the recording of it."""

    session: SessionRef
    so_far: SoFar


@dataclass(frozen=True, slots=True)
class SessionRecorded:
    """A session's recording is on disk. ``interrupted``: it was stopped before its end."""

    session: SessionRef
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class ReplayStarted:
    """A failed session is replayed, with these causes repaired; none: as it was recorded."""

    session: SessionRef
    repaired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found in a recording.

    ``drift`` is None where nothing was expected of it; else it has a sentence for each way in which the
    session led elsewhere.
    """

    recording: Recording
    diagnosis: Diagnosis
    drift: tuple[str, ...] | None
    proof: Proof | None = None
    """What replays have shown of the cause; None where none were made."""
    remedies: Remedies | None = None
    """What a user gets to work with; None where nobody asked for it."""


@dataclass(frozen=True, slots=True)
class SessionJudged:
    """A session has its diagnosis."""

    session: SessionRef
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class RunFinished:
    """No more comes.

    ``interrupted``: someone stopped the run, its time was over, or the browser died; what was under way has
    been judged, what had not begun is left out. The first two have a ``reason``.
    """

    duration_ms: float
    interrupted: bool
    reason: str = ""


Event = (
    RunStarted
    | SessionStarted
    | Announced
    | Waiting
    | StepBegan
    | StepEnded
    | Progressed
    | SessionRecorded
    | ReplayStarted
    | SessionJudged
    | RunFinished
)
