"""Streams that are closed, encodings without most letters, screens of no width: none costs the answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.chatkit_events import good
from tests.conversation.made import sse

REPLY: Final = "Grüße – 你好 😀"
ENCODINGS: Final = ("ascii", "cp1252")


@pytest.fixture
def stream(tmp_path: Path) -> str:
    """A saved stream that passes, with letters that most encodings lack."""
    path = tmp_path / "Grüße.sse"
    path.write_bytes(b"".join(sse(good(REPLY))))
    return str(path)


def said(*arguments: str, redirection: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a shell starts it, with some of its streams redirected or closed."""
    command = (sys.executable, "-m", "chatkit_doctor.cli.main", *arguments)
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {redirection}', *command],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | environment,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_json_in_every_encoding(encoding: str, stream: str, tmp_path: Path) -> None:
    arguments = ("lint", stream, "--format", "json", "--output", str(tmp_path / "reports"))
    done = said(*arguments, PYTHONIOENCODING=encoding)
    report = json.loads(done.stdout.decode(encoding))
    assert done.returncode == 0
    assert [message["text"] for message in report["messages"] if message["role"] == "assistant"] == [REPLY]


@pytest.mark.parametrize("verb", [("list",), ("explain", "wrong-dialect")])
def test_letters_that_an_encoding_lacks_are_written_in_another_way(verb: tuple[str, ...]) -> None:
    plain, poor = said(*verb, PYTHONIOENCODING="utf-8"), said(*verb, PYTHONIOENCODING="ascii:strict")
    assert (plain.returncode, poor.returncode) == (0, 0)
    assert poor.stdout.decode("ascii").split()[0] == plain.stdout.decode().split()[0]


@pytest.mark.parametrize("format_", ["text", "json"])
def test_without_standard_output_the_report_is_on_disk(format_: str, stream: str, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    done = said("lint", stream, "--format", format_, "--output", str(reports), redirection=">&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert json.loads((reports / "latest" / "report.json").read_text(encoding="utf-8"))["verdict"] == "pass"


def test_nothing_that_is_opened_takes_the_place_of_a_closed_stream() -> None:
    """What is printed, by whomever, would else be written into the first file that was opened."""
    opens = (
        "from chatkit_doctor.cli import standard_streams\nstandard_streams.prepare()\n"
        "with open('/dev/null') as file: raise SystemExit(100 + file.fileno())"
    )
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', sys.executable, "-c", opens], timeout=120, check=False
    )
    assert done.returncode > 102


def test_without_standard_input_there_is_nothing_to_read(tmp_path: Path) -> None:
    done = said("lint", "-", "--output", str(tmp_path / "reports"), redirection="<&-")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "standard input is closed" in done.stderr.decode()
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("columns", ["0", "1"])
def test_a_screen_of_no_width_shows_the_answer(columns: str) -> None:
    done = said("explain", "wrong-dialect", COLUMNS=columns)
    assert done.returncode == 0
    assert "wrong-dialect" in "".join(done.stdout.decode().split())
