"""What is published: built, installed in an environment of its own, and used in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from chatkit_doctor.version import __version__

ROOT = Path(__file__).parents[1]
MOST_BYTES = 3_000_000
"""Of the wheel: who tries it out waits for it."""


@dataclass(frozen=True)
class Built:
    """The two distributions: a wheel that was built from the sdist."""

    sdist: Path
    wheel: Path


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it, and an empty folder to use it in."""

    scripts: Path
    folder: Path

    def call(self, *command: str) -> subprocess.CompletedProcess[str]:
        # What it depends on is that of these tests: only the package itself is new. The editable one that the
        # tests use is no part of that folder.
        environment = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}
        return subprocess.run(
            [str(self.scripts / command[0]), *command[1:]],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return Built(sdist, wheel)


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=False)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", "--no-deps"]
    done = subprocess.run(
        [*pip, "--no-index", str(built.wheel)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Installed(scripts, tmp_path_factory.mktemp("empty"))


def test_the_wheel_has_all_that_is_used_and_nothing_else(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        names = wheel.namelist()
    top = {name.partition("/")[0] for name in names}
    assert top == {"chatkit_doctor", f"chatkit_doctor-{__version__}.dist-info"}
    assert {"chatkit_doctor/py.typed", "chatkit_doctor/_scenarios/seed/attempt-3.yaml"} <= set(names)
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]
    assert built.wheel.stat().st_size < MOST_BYTES


def test_the_sdist_has_the_tests(built: Built) -> None:
    with tarfile.open(built.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"Makefile", "README.md", "tests/test_package.py", "static/host/page.js"} <= names
    assert not [name for name in names if "node_modules" in name or name.startswith("reports/")]


def test_what_is_installed_is_the_wheel(installed: Installed) -> None:
    found = installed.call("python", "-c", "import chatkit_doctor; print(chatkit_doctor.__file__)")
    assert found.stdout.startswith(str(installed.scripts.parent)), found.stdout + found.stderr
    assert installed.call("chatkit-doctor", "--version").stdout == f"chatkit-doctor {__version__}\n"


@pytest.mark.browser
def test_it_finds_the_fault_of_each_attempt_in_an_empty_folder(installed: Installed) -> None:
    scenarios = ("seed", "control/first-turn", "--runtime", "reference", "--format", "json")
    done = installed.call("chatkit-doctor", "run", *scenarios)
    assert done.returncode == 0, done.stdout + done.stderr
    causes = {
        report["name"]: report["cause"] and report["cause"]["id"]
        for report in json.loads(done.stdout)["scenarios"]
    }
    assert causes == {
        "seed/attempt-1": "wrong-dialect",
        "seed/attempt-2": "wrong-dialect",
        "seed/attempt-3": "wrong-dialect",
        "control/first-turn": None,
    }
    assert [path.name for path in installed.folder.iterdir()] == ["reports"]
