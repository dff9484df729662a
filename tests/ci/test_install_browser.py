"""What `make` does on a machine without a browser, with tools that only note how they are called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

SCRIPT: Final = Path(__file__).parents[2] / ".ci" / "install-browser"

DOCTOR: Final = """#!/bin/sh
echo "doctor $2" >> "$LOG"
case $2 in
  where) test -e "$HERE/browser" ;;
  install) test ! -e "$HERE/no-driver" && test -e "$HERE/browser" && test ! -e "$HERE/broken" ;;
esac
"""
PYTHON: Final = """#!/bin/sh
echo "python $*" >> "$LOG"
test "$3" = install-deps && rm "$HERE/broken"
test ! -e "$HERE/no-driver"
"""
MANAGER: Final = """#!/bin/sh
echo "$(basename "$0") $*" >> "$LOG"
case "$*" in
  *libatomic*) rm "$HERE/no-driver" ;;
  *chromium*) touch "$HERE/browser" ;;
esac
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script for sh")


class Machine:
    """A machine on whose PATH there is only what a test puts there."""

    def __init__(self, folder: Path, *, user: int = 0) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.log.touch()
        (folder / "bin").mkdir()
        for tool in ("sh", "env", "dirname", "basename", "touch", "rm"):
            found = next(p for p in (Path("/bin", tool), Path("/usr/bin", tool)) if p.exists())
            (folder / "bin" / tool).symlink_to(found)
        self.add("id", f"#!/bin/sh\necho {user}\n")
        self.doctor = self.add("chatkit-doctor", DOCTOR)
        self.add("python", PYTHON)

    def add(self, name: str, script: str) -> Path:
        path = self.folder / "bin" / name
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)
        return path

    def has(self, *facts: str) -> None:
        for fact in facts:
            (self.folder / fact).touch()

    def run(self) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": str(self.folder / "bin"), "LOG": str(self.log), "HERE": str(self.folder)}
        command = [str(SCRIPT), str(self.doctor)]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)

    def calls(self) -> list[str]:
        """How the tools were called, without the options that only keep them quiet."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [" ".join(w for w in line.split() if not w.startswith(("-", "DPkg", "Acq"))) for line in lines]


def test_a_browser_that_is_there_is_all_that_is_asked_for(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.has("browser")
    assert (machine.run().returncode, machine.calls()) == (0, ["doctor where"])


@pytest.mark.parametrize(
    ("manager", "calls"),
    [
        ("apt-get", ["apt-get update", "apt-get install chromium fonts-liberation"]),
        ("dnf", ["dnf install chromium liberation-fonts"]),
        ("apk", ["apk add chromium font-liberation"]),
        ("pacman", ["pacman chromium ttf-liberation"]),
    ],
)
def test_the_package_manager_brings_one_where_playwright_cannot(
    tmp_path: Path, manager: str, calls: list[str]
) -> None:
    machine = Machine(tmp_path)
    machine.add(manager, MANAGER)
    assert machine.run().returncode == 0
    assert [call for call in machine.calls() if call.startswith(manager)] == calls
    assert machine.calls()[-1] == "doctor install"


def test_the_build_without_windows_comes_along_where_the_system_has_one(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.add("apt-get", MANAGER)
    machine.add("apt-cache", '#!/bin/sh\ntest "$2" = chromium-headless-shell\n')
    assert machine.run().returncode == 0
    assert "apt-get install chromium fonts-liberation chromium-headless-shell" in machine.calls()


def test_a_driver_that_lacks_its_library_gets_it_first(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.has("no-driver")
    machine.add("apt-get", MANAGER)
    assert machine.run().returncode == 0
    assert machine.calls() == [
        "doctor where",
        "python playwright",
        "apt-get update",
        "apt-get install libatomic1",
        "doctor install",
        "doctor where",
        "apt-get install chromium fonts-liberation",
        "doctor install",
    ]


def test_a_browser_that_lacks_libraries_gets_them(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.add("apt-get", MANAGER)
    # Found from the second time on: the download worked.
    machine.add("chatkit-doctor", DOCTOR.replace("install) ", 'install) touch "$HERE/browser";'))
    machine.has("broken")
    assert machine.run().returncode == 0
    assert machine.calls()[-2:] == ["python playwright install-deps chromium", "doctor install"]


@pytest.mark.parametrize("sudo", ["", "#!/bin/sh\nexit 1\n"], ids=["no sudo", "sudo asks for a password"])
def test_who_may_not_install_is_told_what_to_type(tmp_path: Path, sudo: str) -> None:
    machine = Machine(tmp_path, user=1000)
    machine.add("apt-get", MANAGER)
    if sudo:
        machine.add("sudo", sudo)
    done = machine.run()
    assert done.returncode == 2
    assert "  sudo apt-get install chromium fonts-liberation" in done.stderr
    assert not [call for call in machine.calls() if call.startswith("apt-get")]


def test_who_may_use_sudo_uses_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=1000)
    machine.add("apt-get", MANAGER)
    machine.add("sudo", '#!/bin/sh\necho "sudo $*" >> "$LOG"\nshift\ntest "$1" = true || exec "$@"\n')
    (tmp_path / "bin" / "true").symlink_to("/bin/true")
    assert machine.run().returncode == 0
    assert (
        "sudo env DEBIAN_FRONTEND=noninteractive apt-get install chromium fonts-liberation" in machine.calls()
    )


def test_an_unknown_system_is_told_what_is_needed(tmp_path: Path) -> None:
    done = Machine(tmp_path).run()
    assert (done.returncode, done.stderr) == (2, "Install Chrome, Chromium or Edge, and run this again.\n")


def test_it_can_be_run() -> None:
    assert os.access(SCRIPT, os.X_OK)
