"""``chatkit-doctor audit DIR``: judge a saved recording again, without a browser."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from chatkit_doctor.cli.options import ExportOption, Format, FormatOption, StrictOption, TimeoutOption
from chatkit_doctor.cli.output import reporters, tell_exports


def audit(
    directory: Annotated[Path, typer.Argument(help="A report's folder, or a recording.ndjson.")],
    export_repair: ExportOption = None,
    strict: StrictOption = False,
    timeout: TimeoutOption = None,
    format_: FormatOption = Format.TEXT,
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
            subscribers=reporters(format_),
        ),
        limit_s=timeout,
    )
    tell_exports(result.exports, format_)
    return exit_code(result.report)
