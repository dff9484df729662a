"""Every shipped scenario leads where it says, on every runtime that can be had."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.scenario.load import load
from chatkit_doctor.scenario.select import catalogue
from tests.drifted_once import PROPERTY
from tests.session_runner import SessionRunner


@pytest.mark.browser
@pytest.mark.parametrize("name", list(catalogue()))
def test_scenario_meets_its_expectation(
    name: str, session_runner: SessionRunner, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    named = load(catalogue()[name], name)
    assert named.scenario.expect is not None, "a shipped scenario says where it leads"
    first = drift(session_runner.diagnose(named, tmp_path / "first"))
    if first:
        record_property(PROPERTY, "; ".join(first))
        again = drift(session_runner.diagnose(named, tmp_path / "again"))
        assert again == []


def drift(report: ReportModel) -> list[str]:
    """How a session differed from what its scenario says."""
    assert report.expectation is not None
    return report.expectation.drift
