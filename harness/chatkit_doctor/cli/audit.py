"""``chatkit-doctor audit DIR``: judge a saved recording again, without a browser."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from chatkit_doctor.cli.options import ExportOption, ShowOptions, StrictOption, TimeoutOption
from chatkit_doctor.cli.output import finish, reporters


def audit(
    directory: Annotated[Path, typer.Argument(help="A report's folder, or a recording.ndjson.")],
    show: ShowOptions,
    export_repair: ExportOption = None,
    strict: StrictOption = False,
    timeout: TimeoutOption = None,
) -> int:
    """Judge a saved recording again. The same recording always leads to the same answer."""
    from chatkit_doctor import api
    from chatkit_doctor.cli.process import BEGUN, carried_out
    from chatkit_doctor.report.wording import exit_code

    result = carried_out(
        partial(
            api.audit,
            directory,
            limit_s=timeout,
            strict=strict,
            since=BEGUN,
            export_repair=export_repair,
            subscribers=reporters(show),
        ),
        limit_s=timeout,
    )
    finish(result, show)
    return exit_code(result.report)
