"""Comparing for real: sessions in a browser, from the command line's point of view."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from chatkit_doctor import sync
from chatkit_doctor.compare.aspects import Aspect
from chatkit_doctor.compare.events import CompareEvent, ComparisonFinished, ScenarioCompared, SessionBegan
from chatkit_doctor.compare.measure import ComparePlan, compare
from chatkit_doctor.compare.model import ComparisonModel
from chatkit_doctor.errors import UsageError
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import LOADER_PATH, Runtime, RuntimeFile, RuntimeName
from chatkit_doctor.scenario.select import select

COMPARE = (sys.executable, "-m", "chatkit_doctor.cli.main", "runtime", "compare")


def plan(left: str | Runtime, right: str | Runtime, names: list[str], folder: Path, runs: int) -> ComparePlan:
    """A comparison of these scenarios, one session at a time."""
    return ComparePlan(left, right, tuple(select(names)), folder, runs, workers=1)


def told(plan: ComparePlan) -> list[CompareEvent]:
    """All that happens in a comparison."""

    async def collect() -> list[CompareEvent]:
        return [event async for event in compare(plan)]

    return asyncio.run(collect())


def sessions(events: list[CompareEvent]) -> list[tuple[str, str, int]]:
    return [(e.runtime, e.scenario, e.number) for e in events if isinstance(e, SessionBegan)]


def answer_of(events: list[CompareEvent]) -> ComparisonModel:
    (finished,) = (event for event in events if isinstance(event, ComparisonFinished))
    return finished.comparison


def doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*COMPARE, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_one_run_of_a_runtime_cannot_be_compared_with_itself(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least two runs"):
        told(plan("reference", "reference", ["control/first-turn"], tmp_path, 1))


def test_a_mistake_in_the_arguments_is_exit_code_2() -> None:
    assert doctor("reference", "nothing-of-the-kind").returncode == 2
    assert doctor("reference", "reference", "no/such-scenario").returncode == 2


@pytest.mark.browser
def test_a_runtime_and_itself_are_compared_over_two_sessions_in_one_report(tmp_path: Path) -> None:
    result = sync.compare_runtimes(
        "reference", "reference", ["page/options-never-set"], workers=1, output=tmp_path
    )
    (scenario,) = result.comparison.scenarios
    assert scenario.not_compared == ""
    assert scenario.left.recordings == [f"reference/run-{n}/page/options-never-set" for n in (1, 2)]
    assert all((result.folder / place / "recording.ndjson").is_file() for place in scenario.left.recordings)
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
    reference = choose("reference")
    loader = tmp_path / "chatkit.js"
    loader.write_bytes(reference.files[LOADER_PATH].path.read_bytes() + b'\nconsole.error("another build");')
    files = {**reference.files, LOADER_PATH: RuntimeFile(loader, loader.stat().st_size)}
    other = replace(reference, name=RuntimeName.SNAPSHOT, files=files)
    names = ["page/options-never-set", "page/script-missing"]
    events = told(plan(reference, other, names, tmp_path, 1))
    assert sessions(events) == [
        ("reference", "page/options-never-set", 1),
        ("reference", "page/script-missing", 1),
        ("snapshot", "page/options-never-set", 1),
        ("snapshot", "page/script-missing", 1),
        ("reference", "page/options-never-set", 2),
        ("snapshot", "page/options-never-set", 2),
    ]
    models = answer_of(events).scenarios
    assert [model.name for model in models] == names
    assert [difference.aspect for difference in models[0].differences] == [Aspect.ERRORS]
    compared = [event.scenario.name for event in events if isinstance(event, ScenarioCompared)]
    assert compared == ["page/script-missing", "page/options-never-set"]
