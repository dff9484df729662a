"""The last lines of an answer: what came out, what to change, and where the report is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from chatkit_doctor.report.folder import HTML
from chatkit_doctor.report.lines import hanging, safe
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.report.wording import FIX, REPORT, Outcome, fixes, headline, outcome, what_was_found
from chatkit_doctor.safe_text import clip, one_line

OUTCOME_STYLES: Final = {
    Outcome.PASSED: "bold green",
    Outcome.FAILED: "bold red",
    Outcome.INCONCLUSIVE: "bold yellow",
}
VERDICT_STYLES: Final = {"pass": "bold green", "fail": "bold red", "inconclusive": "bold yellow"}
_MAX_TEXT: Final = 600
"""Characters of one foreign text. What to change is not cut."""


def print_closing(report: ReportModel, console: Console, folder: Path | None = None) -> None:
    """Print the verdict of one session, what to change, and with its ``folder`` where the report is.

    Piped, each is one line, so that it can be searched for.
    """
    line = safe(console, headline(report).upper(), style=OUTCOME_STYLES[outcome(report)])
    line.append_text(safe(console, f"  {one_line(report.name, _MAX_TEXT)}", style="bold"))
    line.append_text(safe(console, f": {one_line(what_was_found(report), _MAX_TEXT)}"))
    console.print(line, soft_wrap=not console.is_terminal)
    print_drift(report, console, indent=2)
    for fix in fixes(report):
        _print_fix(console, fix)
    if folder is not None and (folder / HTML).is_file():
        console.print(report_path(console, folder), soft_wrap=True)


def print_drift(report: ReportModel, console: Console, *, indent: int) -> None:
    """Print how a session led elsewhere than its scenario expects, a sentence each."""
    for sentence in report.expectation.drift if report.expectation else []:
        hanging(console, Text(" " * indent), safe(console, clip(sentence, _MAX_TEXT)))


def report_path(console: Console, folder: Path) -> Text:
    """Where the report is."""
    return safe(console, f"{REPORT}: {folder / HTML}")


def _print_fix(console: Console, fix: str) -> None:
    head = Text(f"{FIX.upper()}: ", style="bold")
    if console.is_terminal:
        hanging(console, head, safe(console, fix))
    else:
        console.print(head.append_text(safe(console, " ".join(fix.split()))), soft_wrap=True)
