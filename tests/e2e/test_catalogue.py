"""Every shipped scenario leads where it says: tests/played.py tells on which components."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.scenario.load import load
from chatkit_doctor.scenario.select import catalogue
from tests.conftest import RUNTIMES, has_snapshot, session_runner_on
from tests.drifted_once import PROPERTY
from tests.played import OPTION, played
from tests.session_runner import SessionRunner


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each scenario and component."""
    whole: bool = metafunc.config.getoption(OPTION)
    sessions = [
        (name, runtime)
        for runtime in RUNTIMES
        for name in played(runtime, has_snapshot=has_snapshot(), whole=whole)
    ]
    metafunc.parametrize(("name", "runtime"), sessions)


@pytest.mark.browser
def test_scenario_meets_its_expectation(
    name: str,
    runtime: str,
    session_runners: dict[str, SessionRunner],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    session_runner = session_runner_on(runtime, session_runners)
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
