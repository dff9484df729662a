"""What is found on machines that have little: no browser, one that does not start, no network, no room."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import playwright
import pytest
from rich.console import Console

from chatkit_doctor.browser.find import OVERRIDE
from chatkit_doctor.browser.machine import Machine
from chatkit_doctor.doctor.examine import examine
from chatkit_doctor.doctor.model import MachineModel
from chatkit_doctor.doctor.terminal import print_machine
from chatkit_doctor.runtime.importing import import_snapshot
from tests.runtime.component import BUILD, write_component

Examine = Callable[..., MachineModel]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="browsers that are scripts for sh")

OFFLINE = "http://127.0.0.1:9/chatkit.js"
"""Nobody listens there."""


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Examines a machine that has nothing but what the test puts into its folder, without a network."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def examined(**environ: str) -> MachineModel:
        places = {"HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "bin"), **environ}
        machine = Machine("linux", places, tmp_path)
        return examine(tmp_path / "reports", machine=machine, cdn_url=OFFLINE)

    return examined


def browser(path: Path, script: str = "echo Pretended 1.2.3") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def printed(machine: MachineModel) -> str:
    stream = io.StringIO()
    print_machine(machine, Console(file=stream, width=60))
    return stream.getvalue()


def test_without_a_browser_the_next_step_is_to_install_one(look: Examine) -> None:
    machine = look()
    assert (machine.browsers, machine.ready) == ([], False)
    assert "`chatkit-doctor browser install`" in machine.next
    assert printed(machine).splitlines()[-1] == f"NEXT: {machine.next}"


def test_the_browser_that_a_check_takes_is_marked_and_each_is_listed_once(
    look: Examine, tmp_path: Path
) -> None:
    chromium = browser(tmp_path / "bin/chromium")
    (tmp_path / "bin/chromium-browser").symlink_to(chromium)
    chrome = browser(tmp_path / "bin/google-chrome")
    machine = look()
    assert [(each.path, each.chosen) for each in machine.browsers] == [
        (str(chrome), True),
        (str(chromium), False),
    ]
    assert f"* chromium (chrome): Pretended 1.2.3, {chrome}\n" in printed(machine)
    assert machine.ready


def test_a_browser_that_does_not_start_is_not_enough(look: Examine, tmp_path: Path) -> None:
    broken = browser(tmp_path / "bin/chromium", "exit 127")
    machine = look()
    assert not machine.ready
    assert [each.what for each in machine.missing if each.needed] == [f"{broken} does not start"]


def test_a_variable_that_names_no_browser_is_what_is_wrong_whatever_else_is_there(
    look: Examine, tmp_path: Path
) -> None:
    browser(tmp_path / "bin/chromium")
    machine = look(**{OVERRIDE: str(tmp_path / "nowhere")})
    assert (machine.ready, [each.chosen for each in machine.browsers]) == (False, [False])
    assert OVERRIDE in machine.next


def test_a_browser_that_a_variable_names_comes_first(look: Examine, tmp_path: Path) -> None:
    browser(tmp_path / "bin/chromium")
    own = browser(tmp_path / "own/browser")
    assert [each.path for each in look(**{OVERRIDE: str(own)}).browsers if each.chosen] == [str(own)]


@pytest.mark.parametrize("kind", ["firefox", "webkit"])
def test_playwrights_other_engines_are_listed_where_they_are_of_the_build_it_starts(
    kind: str, look: Examine, tmp_path: Path
) -> None:
    listed = Path(playwright.__file__).parent / "driver/package/browsers.json"
    (known,) = [each for each in json.loads(listed.read_text())["browsers"] if each["name"] == kind]
    registry = tmp_path / "home/.cache/ms-playwright"
    for folder in (f"{kind}-{known['revision']}", f"{kind}-1"):
        (registry / folder).mkdir(parents=True)
        (registry / folder / "INSTALLATION_COMPLETE").touch()
    found = [(each.kind, each.version, each.path) for each in look().browsers]
    assert found == [(kind, known["browserVersion"], str(registry / f"{kind}-{known['revision']}"))]


def test_offline_and_without_a_copy_the_reference_is_taken_and_that_stops_nobody(
    look: Examine, tmp_path: Path
) -> None:
    browser(tmp_path / "bin/chromium")
    machine = look()
    assert [(each.name, each.chosen) for each in machine.runtimes] == [
        ("cdn", False),
        ("snapshot", False),
        ("reference", True),
    ]
    assert "cannot be reached" in machine.runtimes[0].problem
    assert (machine.ready, [each.needed for each in machine.missing]) == (True, [False])


def test_a_copy_in_the_cache_is_taken_offline_and_named_by_its_frame_build(
    look: Examine, tmp_path: Path
) -> None:
    import_snapshot(write_component(tmp_path / "saved"))
    (taken,) = [each for each in look().runtimes if each.chosen]
    assert (taken.name, taken.frame_build) == ("snapshot", BUILD)


def test_a_copy_that_cannot_be_used_says_why(look: Examine, tmp_path: Path) -> None:
    snapshot = import_snapshot(write_component(tmp_path / "saved")).snapshot
    (snapshot.folder / "manifest.json").unlink()
    problems = [each.problem for each in look().runtimes if each.name == "snapshot"]
    assert len(problems) == 1
    assert "its manifest cannot be read" in problems[0]


def test_reports_go_below_a_folder_and_not_below_a_file(look: Examine, tmp_path: Path) -> None:
    browser(tmp_path / "bin/chromium")
    (tmp_path / "reports").write_text("taken")
    machine = look()
    assert (machine.reports, machine.ready) == (str(tmp_path / "reports"), False)
    assert "--output" in machine.next


def test_the_name_of_a_browser_cannot_command_the_terminal(look: Examine, tmp_path: Path) -> None:
    browser(tmp_path / "bin/chromium", "printf 'Evil\\033[2J 1.2.3'")
    text = printed(look())
    assert "Evil" in text
    assert "\x1b" not in text
