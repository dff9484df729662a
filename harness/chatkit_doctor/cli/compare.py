"""``chatkit-doctor runtime compare A B [SCENARIO…]``: how far two runtimes behave alike."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from chatkit_doctor.cli.options import (
    BrowserKind,
    BrowserOption,
    ChannelOption,
    ExecutableOption,
    Format,
    FormatOption,
    HeadedOption,
    OutputOption,
    RuntimeChoice,
)
from chatkit_doctor.compare.defaults import AT_LEAST, RUNS
from chatkit_doctor.vocabulary import EXIT_CODES, Verdict


def compare(
    left: Annotated[RuntimeChoice, typer.Argument(metavar="A", help="cdn, snapshot or reference.")],
    right: Annotated[
        RuntimeChoice, typer.Argument(metavar="B", help="The other one; the same measures its noise.")
    ],
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCENARIO]...", help="Names, folders or files; all shipped ones by default."),
    ] = None,
    runs: Annotated[
        int,
        typer.Option("--runs", min=1, help="Sessions per scenario and runtime; again where they differ."),
    ] = RUNS,
    at_least: Annotated[
        float, typer.Option("--at-least", min=0, max=100, help="The agreement, in percent, to exit with 0.")
    ] = AT_LEAST,
    browser: BrowserOption = BrowserKind.CHROMIUM,
    browser_channel: ChannelOption = None,
    executable: ExecutableOption = None,
    headed: HeadedOption = False,
    output: OutputOption = Path("reports"),
    format_: FormatOption = Format.TEXT,
) -> int:
    """Run scenarios on two runtimes, tell every difference that is not noise, and how far they agree."""
    from chatkit_doctor.browser.choose import choose_browser
    from chatkit_doctor.compare import measure
    from chatkit_doctor.compare.terminal import CompareProgress, print_comparison
    from chatkit_doctor.report.json_output import as_json
    from chatkit_doctor.scenario.select import select

    chosen = select(scenarios or [])
    options = measure.CompareOptions(
        left=left,
        right=right,
        runs=runs,
        at_least=at_least,
        browser=choose_browser(
            browser,
            channel=browser_channel,
            executable=str(executable) if executable else None,
            headed=headed,
        ),
        output=output,
    )
    is_json = format_ is Format.JSON
    console = Console(stderr=is_json, quiet=is_json, highlight=False)
    with CompareProgress(console, left, right) as progress:
        result, folder = measure.compare(chosen, options, progress)
    if is_json:
        sys.stdout.write(as_json(result))
    else:
        print_comparison(result, console, folder)
    return EXIT_CODES[Verdict(result.verdict)]
