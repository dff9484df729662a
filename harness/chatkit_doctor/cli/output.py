"""Where a verb's answer goes: users read the terminal, programs read stdout."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from chatkit_doctor.cli import standard_streams
from chatkit_doctor.cli.options import Format, ReportFormat, ShowOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.compare.events import CompareSubscriber
    from chatkit_doctor.report.subscriber import Subscriber
    from chatkit_doctor.results import RunResult, SessionResult


def reporters(show: ShowOptions, *, many: bool = False) -> list[Subscriber]:
    """Who shows a run as it goes and ends. With JSON and Markdown, stdout gets one document, and no more.

    ``many``: the answer is that of a run of scenarios, and not that of its only session. In GitHub Actions,
    annotations and the summary of the job come by themselves.
    """
    return [_answer(show, many=many), *_for_github(show.format_)]


def _answer(show: ShowOptions, *, many: bool) -> Subscriber:
    if show.format_ is ReportFormat.JSON:
        from chatkit_doctor.report.json_output import JsonOutput

        return JsonOutput(sys.stdout, many=many)
    if show.format_ is ReportFormat.MARKDOWN:
        from chatkit_doctor.report.markdown import MarkdownOutput

        return MarkdownOutput(sys.stdout)
    if show.format_ is ReportFormat.GITHUB:
        standard_streams.make_harmless()
    from chatkit_doctor.report.console import ConsoleReporter

    return ConsoleReporter(Console(highlight=False), quiet=show.quiet)


def _for_github(format_: ReportFormat) -> Iterator[Subscriber]:
    in_actions = standard_streams.in_actions()
    if not in_actions and format_ is not ReportFormat.GITHUB:
        return
    from chatkit_doctor.report.github import Annotations, JobSummary

    # Whoever keeps stdout, be it a file or a program, wants the answer alone; the runner reads both.
    stream = sys.stdout if format_ is ReportFormat.GITHUB else sys.stderr
    yield Annotations(standard_streams.commands(stream))
    if in_actions and (file := os.environ.get("GITHUB_STEP_SUMMARY")):
        yield JobSummary(Path(file), sys.stderr)


def say(sentence: str) -> None:
    """Tell a user something before a run begins."""
    from rich.text import Text

    from chatkit_doctor.safe_text import printable

    Console(highlight=False).print(Text(printable(sentence)), soft_wrap=True)


def announce(sentence: str, show: ShowOptions) -> None:
    """Tell a user something that they need, wherever the answer goes."""
    (say if show.talks else _say_aside)(sentence)


def finish(result: SessionResult | RunResult, show: ShowOptions) -> None:
    """Say what was exported, and open the report if that is wanted.

    Raises NotExportedError for a single session that cannot be exported.
    """
    from chatkit_doctor.export.terminal import tell

    opened(result.folder, show)
    tell(result.exports, Console(highlight=False, stderr=not show.is_text))


def opened(folder: Path, show: ShowOptions) -> None:
    """Show a report in a user's browser if that is wanted; where there is none, it is said."""
    if not show.open_:
        return
    import webbrowser

    from chatkit_doctor.report.folder import HTML

    page = folder.absolute() / HTML
    if not page.is_file():
        _say_aside(f"No report to open at {page}.")
    elif not webbrowser.open(page.as_uri()):
        _say_aside(f"No browser could be opened; the report is at {page}")


def _say_aside(sentence: str) -> None:
    """Tell a user something beside the answer."""
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
