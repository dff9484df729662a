"""The same recording leads to the same bytes, whatever order a process happens to hash things in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chatkit_events import HELLO, done, good, reply, user
from tests.cli.commands import running
from tests.conversation.made import sse

SEEDS = ("1", "2", "3")
CORRECT = """
import sys
from pathlib import Path
from chatkit_doctor.engine.pipeline import judge_folder
from chatkit_doctor.repairs.corrected_streams import corrected_streams
judged = judge_folder(Path(sys.argv[1]))
(first, *_) = corrected_streams(judged.recording, judged.diagnosis.cause.id)
sys.stdout.buffer.write(first.text.encode())
"""


@pytest.fixture
def stream(tmp_path: Path) -> str:
    """A saved stream with several faults, which can be corrected."""
    path = tmp_path / "saved.sse"
    path.write_bytes(b"".join(sse([done(user()), *good("Some words", HELLO)[2:], done(reply())])))
    return str(path)


def printed(seed: str, *arguments: str) -> str:
    with running(*arguments, environment={"PYTHONHASHSEED": seed}) as command:
        ended = command.end()
    assert ended.code in {0, 1}, ended
    return ended.out


@pytest.fixture
def recorded(stream: str, tmp_path: Path) -> Path:
    """The folder of what ``lint`` made of the stream."""
    printed("0", "lint", stream, "--output", str(tmp_path / "reports"))
    (folder,) = (tmp_path / "reports").glob("*-lint")
    return folder


def test_the_same_recording_is_corrected_to_the_same_bytes(recorded: Path) -> None:
    written = (recorded / "corrected" / "turn-1.sse").read_bytes()
    for seed in SEEDS:
        again = subprocess.run(
            [sys.executable, "-c", CORRECT, str(recorded)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        assert again == written


def test_the_same_recording_is_judged_to_the_same_bytes(recorded: Path) -> None:
    judged = [printed(seed, "audit", str(recorded), "--format", "json") for seed in SEEDS]
    assert judged[1:] == judged[:1] * 2
