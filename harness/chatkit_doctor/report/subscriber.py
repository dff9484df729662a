"""Who shows or writes something of a run: what subscribers are told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chatkit_doctor.engine.events import Event, Judgement, SessionRef

if TYPE_CHECKING:
    from chatkit_doctor.report.model import ReportModel, RunModel


@dataclass(frozen=True, slots=True)
class SessionReported:
    """A session has its report; it comes right after its SessionJudged."""

    session: SessionRef
    report: ReportModel
    judgement: Judgement | None = None
    """What the report was made of, for who shows more of it; None where only the report is at hand."""


@dataclass(frozen=True, slots=True)
class RunReported:
    """The run has its report, which comes right after RunFinished.

    ``is_single``: its only session is in the run's own folder, so that its report stands for the run's.
    """

    directory: Path
    run: RunModel
    is_single: bool
    interrupted: bool


Told = Event | SessionReported | RunReported


class Subscriber(Protocol):
    """Shows or writes one thing. Is told one event at a time, in their order, on a thread of its own."""

    def on_event(self, event: Told) -> None:
        """Take notice of what has happened. Raises DoctorError when nothing can be written."""
        ...

    def close(self) -> None:
        """No more comes, whether the run has finished or failed."""
        ...
