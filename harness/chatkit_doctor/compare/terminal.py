"""What the terminal shows of a comparison: each difference by position, then the agreement."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from chatkit_doctor.compare.events import (
    CompareEvent,
    ComparisonFinished,
    ScenarioCompared,
    SessionBegan,
    SideChosen,
)
from chatkit_doctor.compare.model import ComparisonModel, DifferenceModel, NoiseModel, ScenarioModel
from chatkit_doctor.compare.wording import NOTHING, changes, fact, figure, standing, summary
from chatkit_doctor.report.wording import duration
from chatkit_doctor.runtime.runtime import Runtime
from chatkit_doctor.safe_text import one_line, printable

_MAX_TEXT: Final = 200
_MAX_ROWS: Final = 12
"""Rows of one difference; the report has all."""
_STANDING_WIDTH: Final = len("not compared") + 2
_STYLES: Final = {
    "equal": "green",
    "agrees": "green",
    "differs": "bold red",
    "not compared": "bold yellow",
}
_VERDICT_STYLES: Final = {"pass": "bold green", "fail": "bold red", "inconclusive": "bold yellow"}


class CompareTerminal:
    """Says which components are compared, what runs now, each scenario that is compared, and the answer."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._sides: list[str] = []
        self._begun = 0
        self._status: Status | None = None

    def on_event(self, event: CompareEvent) -> None:
        """Show what has changed."""
        match event:
            case SideChosen(runtime=runtime):
                self._chosen(runtime)
            case SessionBegan():
                self._begun += 1
                if self._status is not None:
                    words = f"session {self._begun}: {event.runtime}, run {event.number}, {event.scenario}"
                    self._status.update(_text(self._console, words))
            case ScenarioCompared(scenario=scenario):
                self._compared(scenario)
            case ComparisonFinished(comparison=comparison, directory=directory):
                self.close()
                print_comparison(comparison, self._console, directory)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _chosen(self, runtime: Runtime) -> None:
        """One line per side."""
        self._sides.append(str(runtime.name))
        build = f"frame build {runtime.frame_build}, loader {runtime.loader_sha256[:12]}"
        self._console.print(_text(self._console, f"Runtime: {runtime.why} ({build})"), soft_wrap=True)
        if self._console.is_terminal and self._status is None:
            self._status = self._console.status("starting")
            self._status.start()

    @property
    def _names(self) -> tuple[str, str]:
        return (self._sides[0], self._sides[1]) if len(self._sides) > 1 else ("one run", "another")

    def _compared(self, scenario: ScenarioModel) -> None:
        """A scenario has run on both sides: its line, and what differs below it."""
        word = standing(scenario)
        line = _text(self._console, f"{word:<{_STANDING_WIDTH}}", _STYLES[word])
        line.append_text(_text(self._console, scenario.name, "bold"))
        said = summary(scenario)
        line.append_text(_text(self._console, f"  {said}" if said else ""))
        self._console.print(line, soft_wrap=not self._console.is_terminal)
        for difference in scenario.differences:
            self._changes(difference, self._names)
            if difference.known:
                reason = f"    known: {one_line(difference.known, _MAX_TEXT)}"
                self._console.print(_text(self._console, reason), soft_wrap=True)
        for noise in scenario.noise:
            self._changes(noise, (f"{noise.runtimes[0]}, one run", "another run"))

    def _changes(self, found: DifferenceModel | NoiseModel, names: tuple[str, str]) -> None:
        kind = "noise" if isinstance(found, NoiseModel) else "difference"
        self._console.print(_text(self._console, f"  {found.aspect} ({kind})", "bold"), soft_wrap=True)
        width = max(len(name) for name in names)
        rows = list(changes(found))
        for position, left, right in islice(rows, _MAX_ROWS):
            for sign, name, said in (("-", names[0], left), ("+", names[1], right)):
                place = f"{position:>5}" if sign == "-" else " " * 5
                words = f"{place} {sign} {name:<{width}}  {one_line(said, _MAX_TEXT) or NOTHING}"
                style = "red" if sign == "-" else "green"
                self._console.print(_text(self._console, words, style), soft_wrap=True)
        if len(rows) > _MAX_ROWS:
            self._console.print(f"      and {len(rows) - _MAX_ROWS} more rows in the report")


def print_comparison(comparison: ComparisonModel, console: Console, folder: Path) -> None:
    """Print the agreement, aspect by aspect, and what became of the known differences."""
    console.print()
    table = Table("aspect", "equal", "different", "noisy", "agreement", box=None, pad_edge=False)
    for aspect, totals in comparison.agreement.aspects.items():
        counts = (str(totals.equal), str(totals.different), str(totals.noisy))
        table.add_row(str(aspect), *counts, figure(totals.percent))
    console.print(table)
    console.print()
    for sentence in _notes(comparison):
        console.print(_text(console, sentence), soft_wrap=True)
    line = _text(console, comparison.verdict.upper(), _VERDICT_STYLES.get(comparison.verdict, "bold"))
    line.append_text(_text(console, f"  {fact(comparison)}, in {duration(comparison.duration_ms)}"))
    console.print(line)
    console.print(_text(console, f"Report: {folder / 'index.html'}"), soft_wrap=True)


def _notes(comparison: ComparisonModel) -> Iterator[str]:
    for entry in comparison.stale:
        yield f"Stale: {entry.scenario} is listed as different in {entry.aspect}, but no longer is."


def _text(console: Console, text: str, style: str = "") -> Text:
    """Foreign text as it may appear in a terminal."""
    return Text(printable(text).encode(console.encoding, "replace").decode(console.encoding), style=style)
