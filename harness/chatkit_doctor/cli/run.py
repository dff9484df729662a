"""``chatkit-doctor run [SCENARIO…]``: the catalogue, and scenarios of one's own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatkit_doctor.cli.options import (
    REPORTS,
    BrowserOptions,
    ExpectedOption,
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
from chatkit_doctor.errors import UsageError
from chatkit_doctor.vocabulary import EXIT_CODES, Verdict

if TYPE_CHECKING:
    from chatkit_doctor.scenario.shard import Shard


def _names(incomplete: str) -> list[str]:
    """What a name that has been begun can become."""
    from chatkit_doctor.scenario.select import catalogue

    return [name for name in catalogue() if name.startswith(incomplete)]


def run(
    session: SessionOptions,
    browser: BrowserOptions,
    show: ShowOptions,
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            help="Names or folders of the catalogue, or your own files or folders; by default the whole "
            "catalogue.",
            autocompletion=_names,
        ),
    ] = None,
    workers: WorkersOption = None,
    proof: Annotated[
        bool,
        typer.Option(
            "--proof/--no-proof",
            help="Prove the cause: replay failed sessions with the fault repaired.",
        ),
    ] = False,
    export_repair: ExportOption = None,
    secret: SecretOption = None,
    strict: StrictOption = False,
    expected: ExpectedOption = None,
    shard: Annotated[
        str | None,
        typer.Option(
            "--shard",
            metavar="I/N",
            help="Run one of N parts of the scenarios, to spread a run over N machines.",
        ),
    ] = None,
    durations: Annotated[
        Path | None,
        typer.Option(
            "--durations", metavar="DIR", help="An earlier report, used to balance the parts by duration."
        ),
    ] = None,
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
            expected=expected,
            shard=_shard(shard, durations),
            since=BEGUN,
            subscribers=reporters(show, many=True),
        ),
        limit_s=timeout,
    )
    finish(result, show)
    return EXIT_CODES[Verdict(result.run.verdict)]


def _shard(shard: str | None, durations: Path | None) -> Shard | None:
    """Raises UsageError for what is no part, ReportError for durations that cannot be read."""
    from chatkit_doctor.report.read import durations_in
    from chatkit_doctor.scenario.shard import Shard, parsed

    if shard is None:
        if durations is not None:
            raise UsageError(
                "durations balance shards, but no shard was given", where="--durations", hint="Use --shard."
            )
        return None
    number, of = parsed(shard)
    return Shard(number, of, {} if durations is None else durations_in(durations))
