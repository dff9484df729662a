"""The report object as JSON: what ``--format json`` prints and ``report.json`` holds."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final, TextIO, TypeVar

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from chatkit_doctor.report.folder import REPORT
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Told

Placed = TypeVar("Placed", ReportModel, RunModel)
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")


class JsonFile:
    """Writes ``report.json`` of each session and of a run of several."""

    def on_event(self, event: Told) -> None:
        """Write the report that has come."""
        match event:
            case SessionReported(session=session, report=report):
                (session.directory / REPORT).write_text(report_json(report), encoding="utf-8")
            case RunReported(directory=directory, run=run, is_single=False):
                (directory / REPORT).write_text(run_json(run), encoding="utf-8")

    def close(self) -> None:
        """Nothing is left open."""


class JsonOutput:
    """Prints one object and nothing else: the report of the run, or of its only session."""

    def __init__(self, stream: TextIO, *, many: bool) -> None:
        self._stream = stream
        self._many = many

    def on_event(self, event: Told) -> None:
        """Print the answer, once it is there."""
        if isinstance(event, RunReported):
            run, folder = event.run, event.directory
            answer = placed(run, folder) if self._many else placed(run.scenarios[0], folder)
            print_json(as_json(answer), self._stream)

    def close(self) -> None:
        """Nothing is left open."""


def placed(report: Placed, folder: Path) -> Placed:
    """A report as it is printed: with the folder that its paths are relative to."""
    return report.model_copy(update={"folder": str(folder.absolute())})


def report_json(report: ReportModel) -> str:
    """The diagnosis of one session: pretty, keys in the order of the model, ending with a newline."""
    return as_json(report)


def run_json(run: RunModel) -> str:
    """A run of many scenarios, in the same form."""
    return as_json(run)


def print_json(text: str, stream: TextIO) -> None:
    """Write JSON to a stream; where its encoding lacks a character, JSON's own way of writing it is used."""
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        text = _NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)
    # GitHub's runner takes what follows it for a command. In JSON it only stands in texts.
    stream.write(text.replace("##[", r"##\u005b"))


def as_json(model: BaseModel) -> str:
    """Any answer of the command line, in the same form."""
    # Details are free-form: what JSON has no word for (a path, NaN) must not cost the whole report.
    data = to_jsonable_python(model, by_alias=True, fallback=str)
    text = json.dumps(data, ensure_ascii=False, indent=2)
    # A lone surrogate cannot be encoded, and \udXXX, which is how Python escapes it, is how JSON does too.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
