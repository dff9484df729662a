"""What a session writes is as the published schemas say, line by line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatkit_doctor.report.json_output import report_json
from chatkit_doctor.scenario.load import load
from chatkit_doctor.scenario.select import catalogue
from tests.published import validator
from tests.session_runner import SessionRunner

SCENARIOS = ("control/reload", "seed/attempt-3", "page/remounted", "fetch/copies-headers")
"""One without a fault, and one each with a fault of the backend, of the page, and of its fetch."""


@pytest.mark.browser
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_recording_and_its_report_are_as_published(
    name: str, session_runner: SessionRunner, tmp_path: Path
) -> None:
    report = session_runner.diagnose(load(catalogue()[name], name), tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "recording.ndjson").read_bytes().splitlines()]
    assert len(lines) > 20
    assert [error.message for line in lines for error in validator("recording").iter_errors(line)] == []
    errors = validator("report").iter_errors(json.loads(report_json(report)))
    assert [error.message for error in errors] == []
