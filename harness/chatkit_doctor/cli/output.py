"""Where a verb's answer goes: people read the terminal, programs read stdout."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.text import Text

from chatkit_doctor.cli.options import Format
from chatkit_doctor.report.progress import RunProgress
from chatkit_doctor.vocabulary import EXIT_CODES, Verdict

if TYPE_CHECKING:
    from chatkit_doctor.report.model import ReportModel, RunModel
    from chatkit_doctor.runtime.runtime import Runtime


class ConsoleReporter(AbstractContextManager["ConsoleReporter"]):
    """Shows how a run goes and ends. With JSON, stdout gets one object, and nothing else is said."""

    def __init__(self, format_: Format, names: Sequence[str], *, catalogue: bool) -> None:
        self._json = format_ is Format.JSON
        self._catalogue = catalogue
        self._console = Console(stderr=self._json, quiet=self._json, highlight=False)
        self._progress = RunProgress(self._console, names)

    def __enter__(self) -> Self:
        self._progress.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.__exit__(kind, error, trace)

    def runtime_chosen(self, runtime: Runtime) -> None:
        """One line that says which component is used, and why."""
        self._console.print(Text(f"Runtime: {runtime.why}"), soft_wrap=True)

    def started(self, name: str) -> None:
        """A scenario begins."""
        self._progress.started(name)

    def finished(self, report: ReportModel) -> None:
        """A scenario is done."""
        if self._catalogue:
            self._progress.finished(report)

    def report(self, report: ReportModel, folder: Path | None) -> int:
        """Print one diagnosis; returns the exit code."""
        from chatkit_doctor.report.json_output import report_json
        from chatkit_doctor.report.terminal import print_report

        if self._json:
            sys.stdout.write(report_json(report))
        else:
            print_report(report, self._console, folder)
        return EXIT_CODES[Verdict(report.verdict)]

    def run(self, run: RunModel, folder: Path) -> int:
        """Print the totals of a run; returns the exit code."""
        from chatkit_doctor.report.json_output import run_json
        from chatkit_doctor.report.terminal import print_totals

        if self._json:
            sys.stdout.write(run_json(run))
        else:
            print_totals(run, self._console, folder)
        return EXIT_CODES[Verdict(run.verdict)]
