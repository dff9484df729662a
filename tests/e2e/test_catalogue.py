"""Every shipped scenario leads where it says, on every runtime that can be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.scenario.load import load
from chatkit_doctor.scenario.select import catalogue
from tests.session_runner import SessionRunner


@pytest.mark.browser
@pytest.mark.parametrize("name", list(catalogue()))
def test_scenario_meets_its_expectation(name: str, session_runner: SessionRunner, tmp_path: Path) -> None:
    named = load(catalogue()[name], name)
    assert named.scenario.expect is not None, "a shipped scenario says where it leads"
    first = drift(session_runner.diagnose(named, tmp_path / "first"))
    # What does not show again is the noise of a busy machine, and no drift.
    again = drift(session_runner.diagnose(named, tmp_path / "again")) if first else []
    assert not (first and again), "\n".join(again)


def drift(report: ReportModel) -> list[str]:
    """How a session differed from what its scenario says."""
    assert report.expectation is not None
    return report.expectation.drift
