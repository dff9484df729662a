"""Reading ``report.json`` back: only what is whole, and of the schema that this version writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from chatkit_doctor.errors import ReportError
from chatkit_doctor.report.folder import REPORT
from chatkit_doctor.report.model import REPORT_SCHEMA, RUN_SCHEMA, ReportModel, RunModel

_ANEW: Final = "Run `chatkit-doctor report DIR` to regenerate it from its recording."
_OWN: Final = "chatkit-doctor/"
_MODELS: Final[dict[str, type[ReportModel] | type[RunModel]]] = {
    REPORT_SCHEMA: ReportModel,
    RUN_SCHEMA: RunModel,
}


def read_report(place: Path) -> ReportModel | RunModel:
    """The report in a folder, or in a file: that of a session, or of a run of several.

    Raises ReportError for what is no report, is cut off, or is of another schema, which it names.
    """
    file = place / REPORT if place.is_dir() else place
    try:
        read = json.loads(file.read_bytes())
    except FileNotFoundError as error:
        raise ReportError("no report found here", where=str(file)) from error
    except OSError as error:
        raise ReportError(f"it cannot be read: {error.strerror or error}", where=str(file)) from error
    except ValueError as error:
        raise ReportError(f"the report is incomplete: {error}", where=str(file), hint=_ANEW) from error
    schema = read.get("schema") if isinstance(read, dict) else None
    model = _MODELS.get(schema) if isinstance(schema, str) else None
    if model is None:
        named = (
            f"uses the schema {schema}" if str(schema).startswith(_OWN) else "is not a chatkit-doctor report"
        )
        raise ReportError(
            f"it {named}; this version reads {REPORT_SCHEMA} and {RUN_SCHEMA}", where=str(file), hint=_ANEW
        )
    try:
        return model.model_validate(read)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        raise ReportError(
            f"it does not match {schema}: {at}: {first['msg']}", where=str(file), hint=_ANEW
        ) from error


def durations_in(place: Path) -> dict[str, float]:
    """How long each scenario of a report took, in ms. Raises what :func:`read_report` raises."""
    read = read_report(place)
    reports = read.scenarios if isinstance(read, RunModel) else [read]
    return {report.name: report.duration_ms for report in reports}
