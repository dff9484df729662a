"""``chatkit-doctor check --backend URL``: diagnose your own backend."""

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
    HeaderOption,
    MessageOption,
    MotionOption,
    OutputOption,
    RuntimeOption,
    SecretOption,
    TimeoutOption,
    Tracing,
    TracingOption,
    parse_headers,
)
from chatkit_doctor.cli.output import ConsoleReporter


def check(
    backend: Annotated[str, typer.Option("--backend", help="The URL of your ChatKit endpoint.")],
    header: HeaderOption = None,
    message: MessageOption = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--origin", help="http://localhost:PORT your backend allows (CORS); a free port by default."
        ),
    ] = None,
    domain_key: Annotated[
        str | None,
        typer.Option(
            "--domain-key", help="For a backend that is not on localhost: the key of an allowed domain."
        ),
    ] = None,
    timeout: TimeoutOption = 60,
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
    """Put the real component in front of your backend: two turns and a reload."""
    from chatkit_doctor.browser.choose import choose_browser
    from chatkit_doctor.browser.session import SessionOptions
    from chatkit_doctor.engine import run as engine
    from chatkit_doctor.scenario.check import backend_check, port_of, require_reachable

    headers = parse_headers(header)
    named = backend_check(backend, headers, message or [], turn_ms=int(timeout * 1000), domain_key=domain_key)
    require_reachable(backend)
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
        port=port_of(origin),
    )
    with ConsoleReporter(format_, [named.name], catalogue=False) as screen:
        result, folder = engine.run([named], "check", options, screen)
    return screen.report(result.scenarios[0], folder)
