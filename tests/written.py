"""Reports written to disk, as a run writes them."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.engine.events import SessionRef
from chatkit_doctor.report.artifacts import Artifacts
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.subscriber import RunReported, SessionReported


def write(report: ReportModel, folder: Path) -> None:
    """Everything that belongs to a session's report."""
    Artifacts().on_event(SessionReported(SessionRef(0, report.name, folder), report))


def write_run(run: RunModel, folder: Path, *, interrupted: bool = False) -> None:
    """Everything that belongs to the report of a run of many."""
    Artifacts().on_event(RunReported(folder, run, is_single=False, interrupted=interrupted))
