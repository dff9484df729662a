"""Writes the report of a recording, and the part of it that pytest shows."""

from __future__ import annotations

import io
import shutil
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from chatkit_doctor.engine.events import Judgement
from chatkit_doctor.engine.plan import Plan, Reread
from chatkit_doctor.export.reported import reported_run
from chatkit_doctor.report.closing import print_closing
from chatkit_doctor.report.model import ReportModel


async def report_on(
    folder: Path,
    name: str,
    secrets: tuple[str, ...] = (),
    headers: Mapping[str, str] | None = None,
    *,
    writes: bool = True,
    proves: Callable[[Judgement], Awaitable[Judgement]] | None = None,
) -> ReportModel:
    """Judge a recording, prove its cause if possible, and write its report beside it.

    Raises UsageError if it cannot be written, DoctorError if it contains a secret.
    """
    plan = Plan(
        name=name,
        sessions=(Reread(folder, name, proves=proves),),
        directory=folder,
        secrets=secrets,
        headers=headers or {},
    )
    reported = await reported_run(plan, (), None, strict=False, writes=writes)
    return reported[0].run.scenarios[0]


def closing(report: ReportModel, folder: Path) -> str:
    """The verdict, the cause, what to change, and where the report is: a line each."""
    out = io.StringIO()
    print_closing(report, Console(file=out, no_color=True, force_terminal=False), folder)
    return out.getvalue().rstrip("\n")


def discard(folder: Path) -> None:
    """Remove a report that is not kept, and the folder of all reports if it is then empty."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # Only an empty folder can be removed this way.
        folder.parent.rmdir()
