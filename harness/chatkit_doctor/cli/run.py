"""``chatkit-doctor run [SCENARIO…]``: the catalogue, and scenarios of one's own."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from chatkit_doctor.cli.options import (
    REPORTS,
    BrowserOptions,
    ExportOption,
    OutputOption,
    SecretOption,
    SessionOptions,
    ShowOptions,
    StrictOption,
    TimeoutOption,
    WorkersOption,
)
from chatkit_doctor.cli.output import finish, reporters
from chatkit_doctor.vocabulary import EXIT_CODES, Verdict


def run(
    session: SessionOptions,
    browser: BrowserOptions,
    show: ShowOptions,
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            help="Names or folders of the catalogue, files or folders of your own; the catalogue by default."
        ),
    ] = None,
    workers: WorkersOption = None,
    proof: Annotated[
        bool,
        typer.Option(
            "--proof/--no-proof",
            help="Replay failed sessions with the fault repaired, to prove the cause.",
        ),
    ] = False,
    export_repair: ExportOption = None,
    secret: SecretOption = None,
    strict: StrictOption = False,
    timeout: TimeoutOption = None,
    output: OutputOption = REPORTS,
) -> int:
    """Run scenarios and compare each with what it is expected to lead to."""
    from chatkit_doctor import api
    from chatkit_doctor.cli.process import BEGUN, carried_out

    result = carried_out(
        partial(
            api.run,
            scenarios or [],
            workers=workers,
            runtime=session.runtime,
            browser=browser.provider(),
            motion=session.motion,
            trace=session.trace,
            proof=proof,
            export_repair=export_repair,
            secrets=secret or (),
            output=output,
            limit_s=timeout,
            strict=strict,
            since=BEGUN,
            subscribers=reporters(show, many=True),
        ),
        limit_s=timeout,
    )
    finish(result, show)
    return EXIT_CODES[Verdict(result.run.verdict)]
