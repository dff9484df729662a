"""What other programs get from a call of :mod:`chatkit_doctor.api`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatkit_doctor.compare.model import ComparisonModel
    from chatkit_doctor.export.exporter import Export
    from chatkit_doctor.report.model import ReportModel, RunModel


@dataclass(frozen=True, slots=True)
class SessionResult:
    """The report of one session, and the folder in which it lies with everything it refers to."""

    report: ReportModel
    folder: Path
    exports: tuple[Export, ...] = ()
    """What was exported, or why nothing was; empty where nobody asked for it."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """The report of a run, and its folder. ``interrupted``: it was stopped, and holds what there is."""

    run: RunModel
    folder: Path
    interrupted: bool
    exports: tuple[Export, ...] = ()
    """What was exported of each session, or why nothing was; empty where nobody asked for it."""


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """The answer of a comparison, and its folder. ``interrupted``: what is missing was not compared."""

    comparison: ComparisonModel
    folder: Path
    interrupted: bool
