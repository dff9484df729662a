"""The JSON Schemas of whatever other programs read or write: ``python -m`` writes ``static/schemas/``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from chatkit_doctor.paths import static_dir
from chatkit_doctor.recording.json_schema import DRAFT, recording_schema
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.scenario.json_schema import scenario_schema


def schema_path(name: str) -> Path:
    """Where the published schema of this name lies."""
    return static_dir() / "schemas" / f"{name}.json"


def as_text(schema: Mapping[str, Any]) -> str:
    """A schema as it is published."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _report() -> dict[str, Any]:
    return _of_model(ReportModel, "The report of one session, by chatkit-doctor")


def _run() -> dict[str, Any]:
    return _of_model(RunModel, "The report of a run of scenarios, by chatkit-doctor")


def _of_model(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The schema of a report; its ``$id`` has the name and the number that the report itself bears."""
    made = model.model_json_schema(mode="serialization")
    name = made["properties"]["schema"]["const"]
    return {**made, "$schema": DRAFT, "$id": f"urn:{name.replace('/', ':')}", "title": title}


SCHEMAS: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "report": _report,
    "run": _run,
    "recording": recording_schema,
    "scenario": scenario_schema,
}
"""How each is made, by its name."""


if __name__ == "__main__":
    for _name, _make in SCHEMAS.items():
        schema_path(_name).parent.mkdir(exist_ok=True)
        schema_path(_name).write_text(as_text(_make()), encoding="utf-8", newline="\n")
