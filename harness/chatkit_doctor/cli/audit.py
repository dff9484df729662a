"""``chatkit-doctor audit DIR``: judge a saved recording again, without a browser."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from chatkit_doctor.cli.options import Format, FormatOption, TimeoutOption
from chatkit_doctor.cli.output import reporters
from chatkit_doctor.vocabulary import EXIT_CODES, Verdict


def audit(
    directory: Annotated[Path, typer.Argument(help="A report's folder, or a recording.ndjson.")],
    timeout: TimeoutOption = None,
    format_: FormatOption = Format.TEXT,
) -> int:
    """Judge a saved recording again. The same recording always leads to the same answer."""
    from chatkit_doctor import api
    from chatkit_doctor.cli.process import BEGUN, carried_out

    result = carried_out(
        partial(api.audit, directory, limit_s=timeout, since=BEGUN, subscribers=reporters(format_)),
        limit_s=timeout,
    )
    return EXIT_CODES[Verdict(result.report.verdict)]
