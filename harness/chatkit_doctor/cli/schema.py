"""``chatkit-doctor schema NAME``: the JSON Schema of a report, a run, a recording, or a scenario file."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer


class Named(StrEnum):
    """What there is a schema of."""

    REPORT = "report"
    RUN = "run"
    RECORDING = "recording"
    SCENARIO = "scenario"


def schema(
    name: Annotated[
        Named,
        typer.Argument(
            help="The schema of --format json output (report, run), of a recording's lines, or of a "
            "scenario file."
        ),
    ],
) -> int:
    """Print a JSON Schema, for editors and for programs that read what is written here."""
    from chatkit_doctor.report.json_output import print_json
    from chatkit_doctor.report.schemas import schema_path

    print_json(schema_path(name).read_text(encoding="utf-8"), sys.stdout)
    return 0
