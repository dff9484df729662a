"""From the folder of a recording to its report, and to what pytest shows of it."""

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
    """Judge a recording, have its cause proven where somebody can, and write its report beside it.

    Raises UsageError when it cannot be written, DoctorError when a secret had got into it.
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
    """Remove what nobody wants to keep, and the folder of all reports with the last of them."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # Only what is empty can be removed so.
        folder.parent.rmdir()
