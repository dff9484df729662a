"""``chatkit-doctor check --backend URL``: diagnose your own backend."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from chatkit_doctor.cli.options import (
    REPORTS,
    BackendOptions,
    BrowserOptions,
    Format,
    FormatOption,
    OutputOption,
    SecretOption,
    SessionOptions,
    StrictOption,
    TimeoutOption,
)
from chatkit_doctor.cli.output import reporters


def check(
    backend: Annotated[str, typer.Option("--backend", help="The URL of your ChatKit endpoint.")],
    talk: BackendOptions,
    session: SessionOptions,
    browser: BrowserOptions,
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
    proof: Annotated[
        bool,
        typer.Option(
            "--proof/--no-proof", help="Replay a failed session with the fault repaired, to prove the cause."
        ),
    ] = True,
    secret: SecretOption = None,
    strict: StrictOption = False,
    timeout: TimeoutOption = None,
    output: OutputOption = REPORTS,
    format_: FormatOption = Format.TEXT,
) -> int:
    """Put the real component in front of your backend: two turns and a reload."""
    from chatkit_doctor import api
    from chatkit_doctor.cli.process import BEGUN, carried_out
    from chatkit_doctor.report.wording import exit_code

    result = carried_out(
        partial(
            api.check,
            backend,
            messages=talk.message or (),
            headers=talk.headers,
            origin=origin,
            domain_key=domain_key,
            turn_limit_s=talk.turn_timeout,
            runtime=session.runtime,
            browser=browser.provider(),
            motion=session.motion,
            trace=session.trace,
            proof=proof,
            secrets=secret or (),
            output=output,
            limit_s=timeout,
            strict=strict,
            since=BEGUN,
            subscribers=reporters(format_),
        ),
        limit_s=timeout,
    )
    return exit_code(result.report)
