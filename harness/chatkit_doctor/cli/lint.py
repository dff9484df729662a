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
            help="The URL of your ChatKit endpoint, a HAR, what curl printed or saved (- for standard "
            "input), or a recording."
        ),
    ],
    talk: BackendOptions,
    show: ShowOptions,
    origin: Annotated[
        str | None,
        typer.Option(
            "--origin", help="The origin of your page, if it is another: the backend has to allow it (CORS)."
        ),
    ] = None,
    probe: Annotated[
        list[str] | None,
        typer.Option(
            "--probe",
            help="What may be tried on a backend beyond what the component does: list-items, unknown-thread "
            "(these two by default: they only read), rename-thread, empty-body, aborted-stream, all, none. "
            "Repeatable.",
        ),
    ] = None,
    op: Annotated[
        str | None,
        typer.Option(
            "--op",
            help="What a saved stream answers, threads.create by default; or what the rewritten requests of "
            "a HAR stand for.",
        ),
    ] = None,
    match: Annotated[
        str | None,
        typer.Option(
            "--match",
            metavar="URL",
            help="Which requests of a HAR are meant: a part of their URL, or the whole of it with * for any "
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
