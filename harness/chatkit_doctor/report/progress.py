"""Showing a run while it goes on: the scenarios that run now, and a line for each that has finished."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from chatkit_doctor.safe_text import printable

if TYPE_CHECKING:
    from chatkit_doctor.report.model import ReportModel


class RunProgress:
    """Context manager around a run.

    On a terminal a status line names what is running; on anything else (a pipe, a CI log) only the lines of
    finished scenarios are printed, each when it is done.
    """

    def __init__(self, console: Console, names: Sequence[str]) -> None:
        self._console = console
        self._total = len(names)
        self._names = tuple(names)
        self._running: list[str] = []
        self._finished = 0
        self._status: Status | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status = self._console.status(self._line())
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def started(self, name: str) -> None:
        """A scenario begins. Several can run at once."""
        self._running.append(name)
        self._refresh()

    def finished(self, report: ReportModel) -> None:
        """A scenario is done: its line is printed above the status line, and it is no longer named there."""
        from chatkit_doctor.report.terminal import name_width, print_scenario

        if report.name in self._running:
            self._running.remove(report.name)
        self._finished += 1
        print_scenario(report, self._console, name_width(self._names))
        self._refresh()

    def _refresh(self) -> None:
        if self._status is not None:
            self._status.update(self._line())

    def _line(self) -> Text:
        names = ", ".join(self._running) or "starting"
        return Text(printable(f"{self._finished} of {self._total} done, running {names}"))
