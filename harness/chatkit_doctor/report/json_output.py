"""The report object as JSON: what ``--format json`` prints and ``report.json`` holds."""

from __future__ import annotations

import json

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from chatkit_doctor.report.model import ReportModel, RunModel


def report_json(report: ReportModel) -> str:
    """The diagnosis of one session: pretty, keys in the order of the model, ending with a newline."""
    return as_json(report)


def run_json(run: RunModel) -> str:
    """A run of many scenarios, in the same form."""
    return as_json(run)


def as_json(model: BaseModel) -> str:
    """Any answer of the command line, in the same form."""
    # Details are free-form: what JSON has no word for (a path, NaN) must not cost the whole report.
    data = to_jsonable_python(model, by_alias=True, fallback=str)
    text = json.dumps(data, ensure_ascii=False, indent=2)
    # A lone surrogate cannot be encoded, and \udXXX, which is how Python escapes it, is how JSON does too.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
