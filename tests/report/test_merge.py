"""Runs of parts put together: one report of all, and no mixture."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from chatkit_doctor import sync
from chatkit_doctor.errors import ReportError, UsageError
from chatkit_doctor.report.build import build_run
from chatkit_doctor.report.json_output import report_json, run_json
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.read import read_report
from chatkit_doctor.report.render import merge
from chatkit_doctor.version import __version__
from tests.report import examples


def shard(
    folder: Path, *reports: ReportModel, not_run: tuple[str, ...] = (), duration_ms: float = 5.0
) -> Path:
    """A run as it is in its folder."""
    for report in reports:
        place = folder / report.artifacts["folder"]
        (place / "screenshots").mkdir(parents=True)
        (place / "screenshots" / "end.png").write_bytes(b"a picture")
    run = build_run(reports, duration_ms=duration_ms, not_run=not_run)
    (folder / "report.json").write_text(run_json(run))
    return folder


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return shard(
        tmp_path / "1", examples.control(), not_run=("seed/attempt-3", "seed/other"), duration_ms=9.0
    )


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return shard(tmp_path / "2", examples.attempt_3(), examples.drifted())


def test_the_parts_are_one_run(first: Path, second: Path, tmp_path: Path) -> None:
    reported = merge([first, second], tmp_path / "all")
    run = read_report(tmp_path / "all")
    assert run == reported.run
    assert [report.name for report in reported.run.scenarios] == [
        "control/first-turn",
        "seed/attempt-3",
        "transport/event-names",
    ]
    assert (reported.run.verdict, reported.run.totals.duration_ms) == ("fail", 9.0)


@pytest.mark.browser
def test_two_runs_that_were_made_are_as_one_of_both(tmp_path: Path) -> None:
    names = ["seed/attempt-3", "control/first-turn"]
    parts = [sync.run([name], runtime="reference", output=tmp_path / "parts") for name in names]
    both = sync.run(names, runtime="reference", output=tmp_path / "both").run
    merged = merge([part.folder for part in parts], tmp_path / "all").run

    def told(run: RunModel) -> list[tuple[str, str, str | None]]:
        return [(each.name, each.verdict, each.cause.id if each.cause else None) for each in run.scenarios]

    assert sorted(told(merged)) == sorted(told(both))
    assert merged.totals.model_copy(update={"duration_ms": 0}) == both.totals.model_copy(
        update={"duration_ms": 0}
    )
    for each in merged.scenarios:
        assert (tmp_path / "all" / each.artifacts["folder"] / "index.html").is_file()


def test_what_one_part_did_not_run_counts_unless_another_has_it(
    first: Path, second: Path, tmp_path: Path
) -> None:
    assert merge([first, second], tmp_path / "all").run.not_run == ["seed/other"]


def test_every_output_is_written_and_every_session_lies_in_its_place(
    first: Path, second: Path, tmp_path: Path
) -> None:
    merge([first, second], tmp_path / "all")
    assert {"index.html", "report.json", "junit.xml", "report.md"} <= {
        path.name for path in (tmp_path / "all").iterdir()
    }
    assert (tmp_path / "all" / "seed-attempt-3" / "screenshots" / "end.png").read_bytes() == b"a picture"
    root = ET.parse(tmp_path / "all" / "junit.xml").getroot()  # noqa: S314 - written by this test
    assert (root.get("tests"), root.get("skipped")) == ("4", "1")


def test_a_session_that_stands_for_itself_gets_a_place_of_its_own(first: Path, tmp_path: Path) -> None:
    alone = examples.checked().model_copy(update={"tool": __version__})
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "report.json").write_text(report_json(alone))
    run = merge([first, tmp_path / "alone"], tmp_path / "all").run
    assert [each.artifacts["folder"] for each in run.scenarios if each.name == "check"] == ["check"]
    assert (tmp_path / "all" / "check" / "report.json").is_file()


def refused(*folders: Path) -> str:
    """What is said, with nothing written."""
    into = folders[0].parent / "all"
    with pytest.raises(ReportError) as caught:
        merge(folders, into)
    assert not into.exists()
    return str(caught.value)


def test_another_runtime_is_refused_by_its_name(first: Path, tmp_path: Path) -> None:
    other = examples.attempt_3().model_copy(update={"runtime": examples.REFERENCE})
    said = refused(first, shard(tmp_path / "2", other))
    assert "the runtime is snapshot AbCdEf1234" in said
    assert "and reference reference" in said


def test_another_version_is_refused_by_its_number(first: Path, second: Path) -> None:
    read = json.loads((second / "report.json").read_text())
    (second / "report.json").write_text(json.dumps({**read, "tool": "0.0.9"}))
    assert "the version of chatkit-doctor is " in (said := refused(first, second))
    assert "0.0.9 in the other" in said


def test_the_same_scenario_twice_is_refused_by_its_name(first: Path, tmp_path: Path) -> None:
    assert "the scenario control/first-turn is in more than one" in refused(
        first, shard(tmp_path / "2", examples.control())
    )


def test_another_schema_is_refused_by_its_name(first: Path, second: Path) -> None:
    read = json.loads((second / "report.json").read_text())
    (second / "report.json").write_text(json.dumps({**read, "schema": "chatkit-doctor/run/1"}))
    assert "it uses the schema chatkit-doctor/run/1; this version reads" in refused(first, second)


def test_one_that_is_cut_off_is_refused(first: Path, second: Path) -> None:
    whole = (second / "report.json").read_text()
    (second / "report.json").write_text(whole[: len(whole) // 2])
    assert "the report is incomplete: " in refused(first, second)


def test_one_without_a_part_is_refused_with_its_place(first: Path, second: Path) -> None:
    read = json.loads((second / "report.json").read_text())
    del read["scenarios"][1]["verdict"]
    (second / "report.json").write_text(json.dumps(read))
    assert "it does not match chatkit-doctor/run/2: scenarios.1.verdict: " in refused(first, second)


def test_what_is_no_report_is_refused(first: Path, second: Path) -> None:
    (second / "report.json").write_text("[1]")
    assert "it is not a chatkit-doctor report" in refused(first, second)
    (second / "report.json").unlink()
    assert "no report found here" in refused(first, second)


def test_a_place_outside_of_the_run_is_refused(first: Path, second: Path, tmp_path: Path) -> None:
    read = json.loads((second / "report.json").read_text())
    read["scenarios"][0]["artifacts"]["folder"] = "../1"
    (second / "report.json").write_text(json.dumps(read))
    with pytest.raises(ReportError, match="is somewhere else"):
        merge([first, second], tmp_path / "all")


@pytest.mark.parametrize("place", ["1", "1/within", "there"])
def test_nothing_is_overwritten_nor_written_into_a_part(place: str, first: Path, second: Path) -> None:
    (first.parent / "there").mkdir()
    with pytest.raises(UsageError):
        merge([first, second], first.parent / place)
