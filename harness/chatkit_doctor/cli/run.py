"""``chatkit-doctor run [SCENARIO…]``: the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatkit_doctor.cli.options import (
    BrowserKind,
    BrowserOption,
    ChannelOption,
    ExecutableOption,
    Format,
    FormatOption,
    HeadedOption,
    MotionOption,
    OutputOption,
    RuntimeOption,
    SecretOption,
    Tracing,
    TracingOption,
)
from chatkit_doctor.cli.output import ConsoleReporter


def run(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            help="Names or folders of the catalogue, files or folders of your own; the catalogue by default."
        ),
    ] = None,
    runtime: RuntimeOption = None,
    browser: BrowserOption = BrowserKind.CHROMIUM,
    browser_channel: ChannelOption = None,
    executable: ExecutableOption = None,
    headed: HeadedOption = False,
    motion: MotionOption = False,
    tracing: TracingOption = Tracing.ON,
    secret: SecretOption = None,
    output: OutputOption = Path("reports"),
    format_: FormatOption = Format.TEXT,
) -> int:
    """Run scenarios and compare each with what it is expected to lead to."""
    from chatkit_doctor.browser.choose import choose_browser
    from chatkit_doctor.browser.session import SessionOptions
    from chatkit_doctor.engine import run as engine
    from chatkit_doctor.scenario.select import run_name, select

    chosen = select(scenarios or [])
    options = engine.RunOptions(
        runtime=runtime,
        browser=choose_browser(
            browser,
            channel=browser_channel,
            executable=str(executable) if executable else None,
            headed=headed,
        ),
        session=SessionOptions(motion=motion, trace=tracing is Tracing.ON, secrets=tuple(secret or ())),
        output=output,
    )
    with ConsoleReporter(format_, [named.name for named in chosen], catalogue=True) as screen:
        result, folder = engine.run(chosen, run_name(scenarios or [], chosen), options, screen)
    return screen.run(result, folder)
