"""Temporary folders whose process is gone are removed, and no others."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.temporary import OWNER, PREFIX, owned_folder, remove_orphans

HOLD = """
import sys
from chatkit_doctor.temporary import owned_folder
with owned_folder("held") as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Temporary files of this process and of those it starts lie here."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def held() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process, and the folder that it holds."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield process, Path(process.stdout.readline().strip())
    process.kill()
    process.communicate()


def test_a_folder_is_gone_with_its_context(temporary: Path) -> None:
    with owned_folder("profile") as folder:
        (folder / "file").touch()
    assert list(temporary.iterdir()) == []


def test_the_folder_of_a_killed_process_is_removed(held: tuple[subprocess.Popen[str], Path]) -> None:
    process, folder = held
    process.kill()
    process.wait()
    assert remove_orphans() == [folder]
    assert not folder.exists()


def test_the_folder_of_a_living_process_stays(held: tuple[subprocess.Popen[str], Path]) -> None:
    _, folder = held
    assert remove_orphans() == []
    assert folder.is_dir()


def test_a_folder_that_a_process_was_started_with_stays(held: tuple[subprocess.Popen[str], Path]) -> None:
    process, folder = held
    wait = [sys.executable, "-c", "import sys; sys.stdin.read()", f"--user-data-dir={folder}/profile"]
    with subprocess.Popen(wait, stdin=subprocess.PIPE) as browser:
        process.kill()
        process.wait()
        assert remove_orphans() == []
        assert folder.is_dir()
        browser.kill()


def test_what_is_not_ours_stays(temporary: Path) -> None:
    others = temporary / f"{PREFIX}of-somebody"
    (others / "work").mkdir(parents=True)
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / OWNER).touch()
    (temporary / f"{PREFIX}link").symlink_to(elsewhere)
    assert remove_orphans() == []
    assert {path.name for path in temporary.iterdir()} == {others.name, "elsewhere", f"{PREFIX}link"}


class StoppedError(Exception):
    """What a signal's handler raises."""


def test_a_signal_as_soon_as_a_folder_is_made_leaves_none_behind(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = os.mkdir

    def made(path: str, mode: int = 0o777) -> None:
        make(path, mode)
        raise StoppedError

    monkeypatch.setattr(os, "mkdir", made)
    with pytest.raises(StoppedError), owned_folder("stopped"):
        pass
    assert list(temporary.iterdir()) == []
