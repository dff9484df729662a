from __future__ import annotations

import os
from pathlib import Path

import pytest

from chatkit_doctor.browser.packages import MANAGERS, PackageManager, by_hand, manager, steps

OPEN = PackageManager("brew", ("install",), ("-q",), ("browser",), update=("update",), needs_root=False)


@pytest.mark.parametrize("tool", [found.tool for found in MANAGERS])
def test_the_package_manager_is_the_one_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    (tmp_path / tool).write_text("", encoding="utf-8")
    (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = manager()
    assert found is not None
    assert found.tool == tool


def test_a_system_without_a_known_package_manager_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert manager() is None


def test_lists_are_updated_before_packages_are_installed() -> None:
    assert [step.command for step in steps(OPEN, OPEN.browser)] == [
        ("brew", "update"),
        ("brew", "install", "-q", "browser"),
    ]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a person without root")
def test_nothing_is_installed_by_somebody_who_may_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(steps(MANAGERS[0], MANAGERS[0].browser)) == []


@pytest.mark.parametrize(
    ("tool", "command"),
    [
        ("apt-get", "sudo apt-get install chromium fonts-liberation"),
        ("pacman", "sudo pacman -Sy chromium ttf-liberation"),
        ("brew", "brew install --cask google-chrome"),
    ],
)
def test_the_command_for_a_person_is_short(tool: str, command: str) -> None:
    found = next(found for found in MANAGERS if found.tool == tool)
    assert by_hand(found, found.browser) == command
