"""A run on a user's terminal: how it goes, and what results from it."""

from __future__ import annotations

from rich.console import Console

from chatkit_doctor.report.progress import Progress
from chatkit_doctor.report.subscriber import RunReported, Told


class ConsoleReporter:
    """Shows how a run goes, and then its totals, or the diagnosis of its only session.

    ``quiet``: only the last lines are shown, which say what came out.
    """

    def __init__(self, console: Console, *, quiet: bool = False) -> None:
        self._console = console
        self._quiet = quiet
        self._progress = Progress(console)

    def on_event(self, event: Told) -> None:
        """Show what has changed."""
        if not self._quiet:
            self._progress.on_event(event)
        if isinstance(event, RunReported):
            self._progress.close()
            self._print(event)

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._progress.close()

    def _print(self, event: RunReported) -> None:
        # It takes a while to import, and is needed only now.
        from chatkit_doctor.report.closing import print_closing
        from chatkit_doctor.report.terminal import print_report, print_totals

        if not event.is_single:
            print_totals(event.run, self._console, event.directory)
        elif self._quiet:
            print_closing(event.run.scenarios[0], self._console, event.directory)
        else:
            print_report(event.run.scenarios[0], self._console, event.directory)
