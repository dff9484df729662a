"""Comparing for real: sessions in a browser, from the command line's point of view."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from chatkit_doctor.compare.aspects import Aspect
from chatkit_doctor.compare.measure import CompareOptions, _both, compare
from chatkit_doctor.compare.model import ScenarioModel
from chatkit_doctor.errors import UsageError
from chatkit_doctor.report.artifacts import ReportFolder
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import LOADER_PATH, Runtime, RuntimeFile, RuntimeName
from chatkit_doctor.scenario.select import select
from tests.compare.runs import PAIR

COMPARE = (sys.executable, "-m", "chatkit_doctor.cli.main", "runtime", "compare")


class Silent:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.sessions: list[tuple[str, str, int]] = []
        self.told: list[str] = []

    def runtime_chosen(self, runtime: Runtime) -> None:
        """Not looked at."""

    def started(self, runtime: str, scenario: str, run: int) -> None:
        self.sessions.append((runtime, scenario, run))

    def compared(self, scenario: ScenarioModel) -> None:
        self.told.append(scenario.name)


def doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*COMPARE, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_one_run_of_a_runtime_cannot_be_compared_with_itself(tmp_path: Path) -> None:
    options = CompareOptions("reference", "reference", runs=1, output=tmp_path)
    with pytest.raises(UsageError, match="at least two runs"):
        compare(select(["control/first-turn"]), options, Silent())


def test_a_mistake_in_the_arguments_is_exit_code_2() -> None:
    assert doctor("reference", "nothing-of-the-kind").returncode == 2
    assert doctor("reference", "reference", "no/such-scenario").returncode == 2


@pytest.mark.browser
def test_a_runtime_and_itself_are_compared_over_two_sessions_in_one_report(tmp_path: Path) -> None:
    observer = Silent()
    options = CompareOptions("reference", "reference", output=tmp_path)
    answer, folder = compare(select(["page/options-never-set"]), options, observer)
    assert observer.sessions == [("reference", "page/options-never-set", n) for n in (1, 2)]
    (scenario,) = answer.scenarios
    assert scenario.not_compared == ""
    assert scenario.left.recordings == [f"reference/run-{n}/page/options-never-set" for n in (1, 2)]
    assert all((folder / place / "recording.ndjson").is_file() for place in scenario.left.recordings)
    assert {"index.html", "report.json"} <= {path.name for path in (tmp_path / "latest").iterdir()}


@pytest.mark.browser
def test_json_is_all_there_is_on_stdout_and_the_exit_code_is_the_verdict(tmp_path: Path) -> None:
    done = doctor(
        "reference", "reference", "page/options-never-set", "--format", "json", "--output", str(tmp_path)
    )
    answer = json.loads(done.stdout)
    assert (answer["itself"], answer["agreement"]["scenarios"]) == (True, 1)
    assert done.returncode == {"pass": 0, "fail": 1, "inconclusive": 2}[answer["verdict"]]


@pytest.mark.browser
def test_what_differs_is_run_again_on_both_before_it_is_told(tmp_path: Path) -> None:
    observer = Silent()
    reference = choose("reference")
    loader = tmp_path / "chatkit.js"
    loader.write_bytes(reference.files[LOADER_PATH].path.read_bytes() + b'\nconsole.error("another build");')
    files = {**reference.files, LOADER_PATH: RuntimeFile(loader, loader.stat().st_size)}
    other = replace(reference, name=RuntimeName.SNAPSHOT, files=files)
    options = CompareOptions("reference", "snapshot", runs=1)
    scenarios = select(["page/options-never-set", "page/script-missing"])
    models, _ = asyncio.run(
        _both(scenarios, (reference, other), PAIR, options, ReportFolder(tmp_path), observer)
    )
    assert observer.sessions == [
        ("reference", "page/options-never-set", 1),
        ("reference", "page/script-missing", 1),
        ("snapshot", "page/options-never-set", 1),
        ("snapshot", "page/script-missing", 1),
        ("reference", "page/options-never-set", 2),
        ("snapshot", "page/options-never-set", 2),
    ]
    assert [model.name for model in models] == [named.name for named in scenarios]
    assert [difference.aspect for difference in models[0].differences] == [Aspect.ERRORS]
    assert observer.told == ["page/script-missing", "page/options-never-set"]
