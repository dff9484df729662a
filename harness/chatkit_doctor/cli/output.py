"""Where a verb's answer goes: people read the terminal, programs read stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console

from chatkit_doctor.cli.options import Format, ReportFormat, ShowOptions

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_doctor.compare.events import CompareSubscriber
    from chatkit_doctor.report.subscriber import Subscriber
    from chatkit_doctor.results import RunResult, SessionResult


def reporters(show: ShowOptions, *, many: bool = False) -> list[Subscriber]:
    """Who shows a run as it goes and ends. With JSON, stdout gets one object, and nothing else is said.

    ``many``: the answer is that of a run of scenarios, and not that of its only session.
    """
    if show.format_ is ReportFormat.JSON:
        from chatkit_doctor.report.json_output import JsonOutput

        return [JsonOutput(sys.stdout, many=many)]
    from chatkit_doctor.report.console import ConsoleReporter

    return [ConsoleReporter(Console(highlight=False), quiet=show.quiet)]


def say(sentence: str) -> None:
    """Tell a person something before a run begins."""
    from rich.text import Text

    from chatkit_doctor.safe_text import printable

    Console(highlight=False).print(Text(printable(sentence)), soft_wrap=True)


def finish(result: SessionResult | RunResult, show: ShowOptions) -> None:
    """Say what was exported, and open the report if that is wanted.

    Raises NotExportedError for a single session that cannot be exported.
    """
    from chatkit_doctor.export.terminal import tell

    if show.open_:
        _open(result.folder)
    tell(result.exports, Console(highlight=False, stderr=show.format_ is not ReportFormat.TEXT))


def _open(folder: Path) -> None:
    """Show a report in a person's browser; where there is none, it is said, and no reason to fail."""
    import webbrowser

    from chatkit_doctor.report.folder import HTML

    page = folder.absolute() / HTML
    if not page.is_file():
        _say_aside(f"There is no report to open at {page}.")
    elif not webbrowser.open(page.as_uri()):
        _say_aside(f"There is no browser that could be opened; the report is {page}")


def _say_aside(sentence: str) -> None:
    """Tell a person something beside the answer."""
    from rich.text import Text

    from chatkit_doctor.safe_text import printable

    Console(highlight=False, stderr=True).print(Text(printable(sentence)), soft_wrap=True)


def compare_reporters(format_: Format) -> list[CompareSubscriber]:
    """Who shows a comparison as it goes and ends."""
    if format_ is Format.JSON:
        from chatkit_doctor.compare.output import CompareJson

        return [CompareJson(sys.stdout)]
    from chatkit_doctor.compare.terminal import CompareTerminal

    return [CompareTerminal(Console(highlight=False))]
