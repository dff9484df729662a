"""Where nothing can be written, one sentence says so, and the exit code is 2."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.chatkit_events import good
from tests.cli.commands import Ended, running
from tests.conversation.made import sse

FULL = Path("/dev/full")

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")


@pytest.fixture
def stream(tmp_path: Path) -> str:
    """A saved stream that passes."""
    path = tmp_path / "saved.sse"
    path.write_bytes(b"".join(sse(good())))
    return str(path)


def into(stdout: int, *arguments: str) -> Ended:
    with running(*arguments, stdout=stdout) as command:
        return command.end()


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_full_standard_output_is_one_sentence(format_: str, stream: str, tmp_path: Path) -> None:
    full = os.open(FULL, os.O_WRONLY)
    try:
        ended = into(full, "lint", stream, "--output", str(tmp_path / "reports"), "--format", format_)
    finally:
        os.close(full)
    assert (ended.code, ended.left) == (2, ())
    assert ended.err.count("No space left on device") == 1
    assert "Traceback" not in ended.err
    (report,) = (tmp_path / "reports").glob("*-lint/report.json")
    assert report.stat().st_size > 0


@pytest.mark.parametrize(
    "verb", [["list"], ["list", "causes", "--format", "json"], ["explain", "wrong-dialect"]]
)
def test_a_full_standard_output_of_a_list_is_one_sentence(verb: list[str]) -> None:
    full = os.open(FULL, os.O_WRONLY)
    try:
        ended = into(full, *verb)
    finally:
        os.close(full)
    assert (ended.code, "Traceback" in ended.err) == (2, False)
    assert ended.err.count("No space left on device") == 1


def test_who_reads_no_further_is_told_nothing(stream: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = into(writing, "list", "causes", "--format", "json")
    finally:
        os.close(writing)
    assert "Traceback" not in ended.err
    assert ended.code != 0


def test_a_folder_that_cannot_be_made_is_one_sentence(stream: str, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    ended = into(subprocess.PIPE, "lint", stream, "--output", str(tmp_path / "taken" / "reports"))
    assert (ended.code, ended.out, ended.left) == (2, "", ())
    assert "cannot write a report here" in ended.err
    assert "Traceback" not in ended.err
