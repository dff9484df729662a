"""Where reports are written: always inside the folder that was named."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.errors import UsageError
from chatkit_doctor.recording.journal import BODIES_DIR
from chatkit_doctor.recording.journal import FILE_NAME as RECORDING
from chatkit_doctor.report.build import build_run
from chatkit_doctor.report.folder import new_folder
from chatkit_doctor.scenario.names import RESERVED, folder_of
from tests.report.examples import attempt_3
from tests.written import write, write_run

HOSTILE = [
    "..",
    "../..",
    "/etc",
    "a/../../b",
    "a\nb",
    "a\0b",
    "report.json",
    "x" * 400,
    "",
    ".",
    "..yaml",
    "\ud800",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_run_is_written_beside_the_others(tmp_path: Path, name: str) -> None:
    assert new_folder(tmp_path / "reports", name).parent == tmp_path / "reports"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_scenario_is_written_inside_its_run(tmp_path: Path, name: str) -> None:
    run = new_folder(tmp_path, "run")
    assert run in (run / folder_of(name)).resolve().parents


def test_two_runs_of_one_second_have_two_folders(tmp_path: Path) -> None:
    assert len({new_folder(tmp_path, "x") for _ in range(3)}) == 3


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot write a report here"):
        new_folder(tmp_path / "file", "x")


def test_no_scenario_can_lie_on_what_a_report_writes(tmp_path: Path) -> None:
    write(attempt_3(), tmp_path)
    write_run(build_run([attempt_3()], duration_ms=1), tmp_path)
    written = {path.name for path in tmp_path.iterdir()}
    assert "report.json" in written
    assert written | {RECORDING, BODIES_DIR, "trace.zip", "screenshots", "film"} <= RESERVED
