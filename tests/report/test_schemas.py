"""The published JSON Schemas are those of what is written, and say no to anything else."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec
import pytest
import yaml

from chatkit_doctor.paths import scenarios_dir
from chatkit_doctor.recording.entries import ENTRY_TYPES, kind_of
from chatkit_doctor.recording.header import SCHEMA
from chatkit_doctor.report.json_output import report_json, run_json
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.report.schemas import SCHEMAS, as_text, schema_path
from tests.cli.commands import running
from tests.published import schema, validator
from tests.report import examples
from tests.sessions import good_conversation

SCENARIOS: Final = sorted(path.relative_to(scenarios_dir()) for path in scenarios_dir().rglob("*.yaml"))


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_is_published_is_not_stale(name: str) -> None:
    assert schema_path(name).read_text(encoding="utf-8") == as_text(SCHEMAS[name]()), "run `make docs`"


@pytest.mark.parametrize(
    ("name", "number"), [("report", 2), ("run", 2), ("recording", SCHEMA), ("scenario", 1)]
)
def test_each_is_known_by_its_name_and_number(name: str, number: int) -> None:
    assert schema(name)["$id"] == f"urn:chatkit-doctor:{name}:{number}"


def test_every_scenario_of_the_catalogue_is_valid() -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    written = {
        str(path): yaml.load((scenarios_dir() / path).read_bytes(), loader)  # noqa: S506 - it is a safe one
        for path in SCENARIOS
    }
    assert len(written) > 300
    assert [path for path, scenario in written.items() if not validator("scenario").is_valid(scenario)] == []


@pytest.mark.parametrize(
    "text",
    [
        "steps: []",
        "{title: x, stpes: []}",
        "{title: x, steps: [{sned: Hello}]}",
        "{title: x, steps: [send]}",
        "{title: x, steps: [{send: Hello, click: Go}]}",
        "{title: x, limits: {turn: 1}}",
        "{title: x, expect: {verdict: fail, cause: no-such}}",
        "{title: x, backend: {answers: {}}}",
        "{title: x, backend: {kind: script, answers: {'*': []}}}",
        "{title: x, backend: {kind: script, answers: {no.op: {stream: []}}}}",
        "{title: x, backend: {kind: script, answers: {'*': {stream: [{good_turn: {strem_ms: 3}}]}}}}",
    ],
)
def test_a_mistake_in_a_scenario_is_seen(text: str) -> None:
    assert not validator("scenario").is_valid(yaml.safe_load(text))


@pytest.mark.parametrize(
    "text",
    [
        "{title: x}",
        "{title: x, steps: [reload, {reload: }, {send: Hello}, {send: {text: Hello, until: reply}}]}",
        "{title: x, backend: {kind: script, answers: {'*': {stream: [good_turn, {good_turn: Hi}]}}}}",
        "{title: x, backend: {kind: script, answers: {'*': [{stream: [{named: a, data: 1}]}]}}}",
    ],
)
def test_what_may_be_written_shorter_is_valid(text: str) -> None:
    assert validator("scenario").is_valid(yaml.safe_load(text))


@pytest.mark.parametrize(
    "report",
    [
        examples.control(),
        examples.attempt_3(),
        examples.checked(),
        examples.drifted(),
        examples.broken_off(),
        examples.left_open(),
        examples.rewritten(),
        examples.hostile(),
    ],
    ids=lambda report: report.title[:20],
)
def test_every_kind_of_report_is_valid(report: ReportModel) -> None:
    errors = validator("report").iter_errors(json.loads(report_json(report)))
    assert [error.message for error in errors] == []


def test_a_run_is_valid_and_no_report() -> None:
    run = json.loads(run_json(examples.run()))
    assert validator("run").is_valid(run)
    assert not validator("report").is_valid(run)


def test_a_report_of_an_older_schema_is_not() -> None:
    report: dict[str, Any] = json.loads(report_json(examples.control()))
    assert not validator("report").is_valid({**report, "schema": "chatkit-doctor/report/1"})


def test_every_kind_of_entry_is_known() -> None:
    kinds = {
        definition["properties"]["kind"].get(
            "const", (definition["properties"]["kind"].get("enum") or [""])[0]
        )
        for definition in schema("recording")["$defs"].values()
        if "kind" in definition.get("properties", {}) and "kind" in definition.get("required", [])
    }
    assert {kind_of(entry) for entry in ENTRY_TYPES} | {"header", "footer"} <= kinds


def test_every_line_of_a_recording_is_valid() -> None:
    recording = good_conversation()
    lines = [recording.header, *recording.entries, *filter(None, [recording.footer])]
    written = [json.loads(msgspec.json.encode(line)) for line in lines]
    assert [line for line in written if not validator("recording").is_valid(line)] == []
    assert not validator("recording").is_valid({**written[1], "more": 1})


def test_the_command_prints_it() -> None:
    with running("schema", "scenario") as command:
        assert json.loads(command.end().out) == schema("scenario")
