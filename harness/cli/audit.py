"""``chatkit-doctor audit DIR``: judge a saved recording again, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Format, FormatOption
from harness.cli.output import Screen


def audit(
    directory: Annotated[Path, typer.Argument(help="A report's folder, or a recording.ndjson.")],
    format_: FormatOption = Format.TEXT,
) -> int:
    """Judge a saved recording again. The same recording always leads to the same answer."""
    from harness.judging import judge_folder

    report = judge_folder(directory)
    folder = directory if directory.is_dir() else directory.parent
    return Screen(format_, [report.name], catalogue=False).report(report, folder)
