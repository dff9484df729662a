from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.browser.playwright_files import driver_problem


def _node(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "node"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(path))


def test_the_driver_of_this_machine_starts() -> None:
    assert driver_problem() == ""


def test_a_library_that_the_driver_lacks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loader = "node: error while loading shared libraries: libatomic.so.1: cannot open shared object file"
    _node(tmp_path, f"echo '{loader}' >&2; exit 127", monkeypatch)
    assert driver_problem() == "loading shared libraries: libatomic.so.1: cannot open shared object file"


def test_a_driver_that_says_nothing_is_known_by_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _node(tmp_path, "exit 3", monkeypatch)
    assert driver_problem() == "exit code 3"


def test_a_driver_that_is_not_there_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(tmp_path / "nowhere"))
    assert driver_problem() == "nowhere: No such file or directory"
