"""``chatkit-doctor audit DIR``: judge a saved recording again, without a browser."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from chatkit_doctor.cli.options import Format, FormatOption
from chatkit_doctor.cli.output import reporters
from chatkit_doctor.vocabulary import EXIT_CODES, Verdict


def audit(
    directory: Annotated[Path, typer.Argument(help="A report's folder, or a recording.ndjson.")],
    format_: FormatOption = Format.TEXT,
) -> int:
    """Judge a saved recording again. The same recording always leads to the same answer."""
    from chatkit_doctor import api
    from chatkit_doctor.cli.process import carried_out

    result = carried_out(partial(api.audit, directory, subscribers=reporters(format_)))
    return EXIT_CODES[Verdict(result.report.verdict)]
