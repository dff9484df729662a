"""``make release`` refuses what is not ready, and says why."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "release"
WHEEL = [
    "chatkit_doctor/py.typed",
    "chatkit_doctor/_static/host/page.js",
    "chatkit_doctor-1.2.0.dist-info/METADATA",
]


def git(folder: Path, *arguments: str) -> None:
    # Nobody's own settings (signing, hooks) count.
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.test")
    subprocess.run(["git", *who, *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def checkout(folder: Path, changelog: str) -> Path:
    """A checkout of version 1.2.0, all of it committed."""
    (folder / "harness/chatkit_doctor").mkdir(parents=True)
    (folder / "harness/chatkit_doctor/version.py").write_text('__version__ = "1.2.0"\n')
    (folder / "docs").mkdir()
    (folder / "docs/changelog.md").write_text(
        f"# Changelog\n\n{changelog}\n\n- A thing.\n\n## 1.1.0 - 2026-01-01\n"
    )
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "All")
    return folder


def asked(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--only-ready", "--root", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_what_is_ready_is_told_what_to_do_next(tmp_path: Path) -> None:
    done = asked(checkout(tmp_path, "## 1.2.0 - 2026-12-01"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "git tag v1.2.0" in done.stdout
    assert "twine upload dist/*" in done.stdout


@pytest.mark.parametrize(
    ("changelog", "said"),
    [
        ("## Unreleased", "docs/changelog.md begins with Unreleased, and the version is 1.2.0"),
        ("## 1.2.0", "docs/changelog.md says no day: ## 1.2.0 - "),
        ("## 1.2.0 - soon", "docs/changelog.md: soon is no day"),
    ],
)
def test_a_version_without_its_section_is_refused(changelog: str, said: str, tmp_path: Path) -> None:
    done = asked(checkout(tmp_path, changelog))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Not ready: {said}")
    assert len(done.stderr.splitlines()) == 1


def test_what_is_not_committed_is_refused_by_name(tmp_path: Path) -> None:
    checkout(tmp_path, "## 1.2.0 - 2026-12-01")
    (tmp_path / "forgotten.py").write_text("")
    done = asked(tmp_path)
    assert (done.returncode, done.stderr) == (1, "Not ready: not committed: forgotten.py\n")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (WHEEL, []),
        ([*WHEEL, "tests/conftest.py"], ["the wheel has tests", "the wheel has tests/conftest.py"]),
        ([*WHEEL, "chatkit_doctor/docs/ci.md"], ["the wheel has chatkit_doctor/docs/ci.md"]),
        (WHEEL[1:], ["the wheel lacks chatkit_doctor/py.typed"]),
    ],
)
def test_a_wheel_has_what_it_should_and_nothing_else(names: list[str], said: list[str]) -> None:
    strange = runpy.run_path(str(SCRIPT / "__main__.py"))["strange"]
    assert list(strange(names, "1.2.0")) == said
