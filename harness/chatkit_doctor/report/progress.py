"""Showing a run while it goes on: the sessions that run now, and a line for each that has its report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.status import Status
from rich.text import Text

from chatkit_doctor.engine.events import (
    Announced,
    ReplayStarted,
    RunStarted,
    SessionRecorded,
    SessionRef,
    SessionStarted,
    Waiting,
)
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Told
from chatkit_doctor.safe_text import printable

if TYPE_CHECKING:
    from chatkit_doctor.report.model import ReportModel

_MOST_NAMED: Final = 3
"""Sessions that the status line names."""


class Progress:
    """Says which component is used and, on a terminal, what is running.

    Of several sessions each gets a line as soon as it and all before it have their reports: the lines
    stand in the order of the scenarios, however many run side by side. On anything but a terminal (a pipe, a
    CI log) these lines are all there is.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lines = False
        self._names: tuple[str, ...] = ()
        self._running: list[SessionRef] = []
        self._replaying: dict[int, tuple[str, tuple[str, ...]]] = {}
        """What is repaired in the replays under way, and the names of their sessions."""
        self._awaited = ""
        """What is waited for."""
        self._reported = 0
        self._waiting: dict[int, ReportModel] = {}
        """Reports that came before that of an earlier session."""
        self._next = 0
        self._status: Status | None = None

    def on_event(self, event: Told) -> None:
        """Show what has changed."""
        match event:
            case RunStarted():
                self._started(event)
            case SessionStarted(session=session):
                self._running.append(session)
            case Announced(text=text):
                self._console.print(Text(printable(text)))
            case Waiting(what=what):
                self._awaited = what
            case SessionRecorded(session=session):
                self._running.remove(session)
            case ReplayStarted(session=session, repaired=repaired):
                self._replaying[session.index] = (session.name, repaired)
            case SessionReported(session=session, report=report):
                self._replaying.pop(session.index, None)
                self._reported += 1
                self._waiting[session.index] = report
                self._show_lines()
            case RunReported():
                # What an interrupted run has left out is not waited for.
                for index in sorted(self._waiting):
                    self._next = index
                    self._show_lines()
        if self._status is not None:
            self._status.update(self._line())

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _started(self, event: RunStarted) -> None:
        self._names = tuple(session.name for session in event.sessions)
        self._lines = not event.is_single
        if event.runtime is not None:
            self._console.print(Text(printable(f"Runtime: {event.runtime.why}")), soft_wrap=True)
        if self._console.is_terminal:
            self._status = self._console.status(self._line())
            self._status.start()

    def _show_lines(self) -> None:
        from chatkit_doctor.report.terminal import name_width, print_scenario

        while (report := self._waiting.pop(self._next, None)) is not None:
            self._next += 1
            if self._lines:
                print_scenario(report, self._console, name_width(self._names))

    def _line(self) -> Text:
        named = [session.name for session in self._running[:_MOST_NAMED]]
        more = len(self._running) - len(named)
        names = ", ".join([*named, *([f"{more} more"] if more else [])]) or "starting"
        if self._replaying and not self._running:
            name, repaired = next(iter(self._replaying.values()))
            without = f" without {', '.join(repaired)}" if repaired else ""
            return Text(printable(f"proving the cause: replaying {name}{without}"))
        if self._awaited:
            return Text(printable(f"waiting for {self._awaited}"))
        return Text(printable(f"{self._reported} of {len(self._names)} done, running {names}"))
