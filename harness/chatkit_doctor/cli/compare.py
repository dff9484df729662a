"""``chatkit-doctor runtime compare A B [SCENARIO…]``: how far two runtimes behave alike."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from chatkit_doctor.cli.options import (
    REPORTS,
    BrowserOptions,
    Format,
    FormatOption,
    OutputOption,
    RuntimeChoice,
    TimeoutOption,
    WorkersOption,
)
from chatkit_doctor.cli.output import compare_reporters
from chatkit_doctor.compare.defaults import AT_LEAST, RUNS
from chatkit_doctor.vocabulary import EXIT_CODES, Verdict


def compare(
    left: Annotated[RuntimeChoice, typer.Argument(metavar="A", help="cdn, snapshot or reference.")],
    right: Annotated[
        RuntimeChoice,
        typer.Argument(
            metavar="B", help="The runtime to compare with; pass the same one to measure its noise."
        ),
    ],
    browser: BrowserOptions,
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SCENARIO]...", help="Scenario names, folders or files; by default the whole catalogue."
        ),
    ] = None,
    runs: Annotated[
        int,
        typer.Option(
            "--runs", min=1, help="Sessions per scenario and runtime; repeated where the runtimes differ."
        ),
    ] = RUNS,
    at_least: Annotated[
        float,
        typer.Option("--at-least", min=0, max=100, help="Minimum agreement, in percent, for exit code 0."),
    ] = AT_LEAST,
    workers: WorkersOption = None,
    timeout: TimeoutOption = None,
    output: OutputOption = REPORTS,
    format_: FormatOption = Format.TEXT,
) -> int:
    """Run scenarios on two runtimes, tell every difference that is not noise, and how far they agree."""
    from chatkit_doctor import api
    from chatkit_doctor.cli.process import carried_out

    result = carried_out(
        partial(
            api.compare_runtimes,
            left,
            right,
            scenarios or [],
            runs=runs,
            at_least=at_least,
            workers=workers,
            browser=browser.provider(),
            output=output,
            subscribers=compare_reporters(format_),
        ),
        limit_s=timeout,
    )
    return EXIT_CODES[Verdict(result.comparison.verdict)]
