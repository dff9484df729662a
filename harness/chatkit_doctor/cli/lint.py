"""``chatkit-doctor lint URL|FILE|-``: what ChatKit would make of a backend or a saved stream, no browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatkit_doctor.cli.options import (
    Format,
    FormatOption,
    HeaderOption,
    MessageOption,
    OutputOption,
    SecretOption,
    TimeoutOption,
    parse_headers,
)
from chatkit_doctor.cli.output import ConsoleReporter
from chatkit_doctor.errors import UsageError
from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS


def lint(
    target: Annotated[
        str,
        typer.Argument(
            help="The URL of your ChatKit endpoint, a HAR, a saved stream (- for standard input), or a "
            "recording."
        ),
    ],
    header: HeaderOption = None,
    message: MessageOption = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--origin", help="The origin of your page, if it is another: the backend has to allow it (CORS)."
        ),
    ] = None,
    timeout: TimeoutOption = 60,
    op: Annotated[
        str | None, typer.Option("--op", help="What a saved stream answers; threads.create by default.")
    ] = None,
    secret: SecretOption = None,
    output: OutputOption = Path("reports"),
    format_: FormatOption = Format.TEXT,
) -> int:
    """Judge a backend or a recorded stream by what ChatKit would make of it, without a browser."""
    from chatkit_doctor.client.session import MESSAGES, LiveOptions
    from chatkit_doctor.engine import lint as linting

    if op is not None and op not in STREAMING_OPS | JSON_OPS:
        known = ", ".join(sorted(STREAMING_OPS))
        raise UsageError("this is no ChatKit operation", where=f"--op {op}", hint=f"Use one of {known}.")
    live = LiveOptions(
        messages=tuple(message or MESSAGES),
        headers=parse_headers(header),
        origin=origin or "",
        turn_limit_s=timeout,
    )
    options = linting.LintOptions(live=live, op=op, secrets=tuple(secret or ()), output=output)
    with ConsoleReporter(format_, [linting.NAME], catalogue=False) as screen:
        report, folder = linting.lint(target, options)
    return screen.report(report, folder)
