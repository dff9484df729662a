"""``chatkit-doctor report DIR…``: write a report again, or put the runs of several machines together."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chatkit_doctor.cli.options import ShowOptions
from chatkit_doctor.cli.output import opened, reporters
from chatkit_doctor.errors import UsageError
from chatkit_doctor.vocabulary import EXIT_CODES, Verdict

if TYPE_CHECKING:
    from chatkit_doctor.report.subscriber import RunReported


def report(
    directories: Annotated[
        list[Path],
        typer.Argument(metavar="DIR...", help="The folder of a report; pass several with --merge."),
    ],
    show: ShowOptions,
    merge: Annotated[
        Path | None,
        typer.Option(
            "--merge",
            metavar="DIR",
            help="Merge all reports into one run, written to this new folder.",
            file_okay=False,
        ),
    ] = None,
) -> int:
    """Write a report again, or with --merge that of one run from the parts of it."""
    from chatkit_doctor.cli.process import carried_out
    from chatkit_doctor.report.wording import exit_code

    if merge is None and len(directories) > 1:
        raise UsageError(
            "only one report can be written at a time",
            where="report",
            hint="Use --merge to combine several reports.",
        )
    reported = carried_out(partial(_reported, directories, merge))
    for subscriber in reporters(show, many=not reported.is_single):
        subscriber.on_event(reported)
        subscriber.close()
    opened(reported.directory, show)
    single = reported.run.scenarios[0] if reported.is_single else None
    return exit_code(single) if single is not None else EXIT_CODES[Verdict(reported.run.verdict)]


async def _reported(directories: list[Path], merge: Path | None, *, stop: asyncio.Event) -> RunReported:
    from chatkit_doctor.report import render

    del stop  # It is over in a moment, and half a report is none.
    if merge is None:
        return await asyncio.to_thread(render.render, directories[0])
    return await asyncio.to_thread(render.merge, directories, merge)
