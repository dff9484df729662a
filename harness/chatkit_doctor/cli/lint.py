"""``chatkit-doctor lint URL|FILE|-``: what ChatKit would make of a backend or a saved stream, no browser."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from chatkit_doctor.cli.options import (
    REPORTS,
    BackendOptions,
    ExportOption,
    OutputOption,
    SecretOption,
    ShowOptions,
    StrictOption,
    TimeoutOption,
)
from chatkit_doctor.cli.output import finish, reporters


def lint(
    target: Annotated[
        str,
        typer.Argument(
            help="The URL of your ChatKit endpoint, a HAR, the output of curl (- for standard input), or a "
            "recording."
        ),
    ],
    talk: BackendOptions,
    show: ShowOptions,
    origin: Annotated[
        str | None,
        typer.Option(
            "--origin",
            help="The origin of your page, if it differs from the backend's: the backend must allow it "
            "(CORS).",
        ),
    ] = None,
    probe: Annotated[
        list[str] | None,
        typer.Option(
            "--probe",
            help="Extra requests to try on a backend, beyond those of the component: list-items, "
            "unknown-thread (both on by default: they only read), rename-thread, empty-body, "
            "aborted-stream, all, none. Repeatable.",
        ),
    ] = None,
    op: Annotated[
        str | None,
        typer.Option(
            "--op",
            help="The operation that a saved stream answers (default: threads.create), or that the "
            "rewritten requests of a HAR stand for.",
        ),
    ] = None,
    match: Annotated[
        str | None,
        typer.Option(
            "--match",
            metavar="URL",
            help="Which requests of a HAR to read: a part of their URL, or the whole URL with * for any "
            "characters.",
        ),
    ] = None,
    export_repair: ExportOption = None,
    secret: SecretOption = None,
    strict: StrictOption = False,
    timeout: TimeoutOption = None,
    output: OutputOption = REPORTS,
) -> int:
    """Judge a backend or a recorded stream by what ChatKit would make of it, without a browser.

    A backend is sent messages as the component sends them: that creates a thread there, which stays. Nothing
    else of it is changed, and no stream is broken off, unless --probe allows it.
    """
    from chatkit_doctor import api
    from chatkit_doctor.cli.process import BEGUN, carried_out
    from chatkit_doctor.report.wording import exit_code

    result = carried_out(
        partial(
            api.lint,
            target,
            messages=talk.message or (),
            headers=talk.headers,
            origin=origin,
            probes=probe,
            turn_limit_s=talk.turn_timeout,
            op=op,
            match=match,
            export_repair=export_repair,
            secrets=secret or (),
            output=output,
            limit_s=timeout,
            strict=strict,
            since=BEGUN,
            subscribers=reporters(show),
        ),
        limit_s=timeout,
    )
    finish(result, show)
    return exit_code(result.report)
