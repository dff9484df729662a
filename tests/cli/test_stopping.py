"""Whoever stops the command gets a report of what there is, and nothing is left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.recording.reader import load
from tests.cli.commands import Ended, running

SCENARIO = """
title: a stream that stays open
backend:
  kind: script
  answers:
    "*":
      stream:
        - good_turn: {reply: Some text., stream_ms: 100, without: [assistant.done]}
        - end: hang
steps:
  - send: Hello
limits: {turn: 60000}
"""


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    """A scenario whose turn lasts a minute."""
    file = tmp_path / "endless.yaml"
    file.write_text(SCENARIO)
    return str(file)


def begun(output: Path) -> Path | None:
    """The folder of a session whose reply is on the screen."""
    journals = output.glob("*/recording.ndjson")
    return next((j.parent for j in journals if b"assistant-message" in j.read_bytes()), None)


def stopped(scenario: str, output: Path, *signals: int) -> tuple[Ended, Path]:
    """A run in the middle of its turn is sent signals; how it ended, and its folder."""
    options = ("--runtime", "reference", "--output", str(output), "--format", "json")
    with running("run", scenario, *options) as command:
        command.until(lambda: begun(output) is not None)
        for each in signals:
            command.tell(each)
        folder = begun(output)
        assert folder is not None
        return command.end(), folder


@pytest.mark.browser
@pytest.mark.parametrize(
    "signals",
    [
        (signal.SIGINT,),
        (signal.SIGINT, signal.SIGTERM),
        (signal.SIGTERM,),
        (signal.SIGHUP,),
    ],
    ids=["SIGINT", "SIGINT and SIGTERM", "SIGTERM", "SIGHUP"],
)
def test_a_signal_in_a_turn_leads_to_a_report(
    scenario: str, tmp_path: Path, signals: tuple[int, ...]
) -> None:
    ended, folder = stopped(scenario, tmp_path / "reports", *signals)
    report = json.loads(ended.out)["scenarios"][0]
    assert (ended.code, ended.err, ended.left) == (128 + signals[0], "", ())
    assert (report["verdict"], report["reason"]) == ("inconclusive", "the run was interrupted")
    assert not load(folder).finished


@pytest.fixture
def silent() -> Iterator[str]:
    """A backend that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/chatkit"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_there_is_anything_to_report_is_one_sentence(
    number: int, silent: str, tmp_path: Path
) -> None:
    with running("lint", silent, "--output", str(tmp_path / "reports")) as command:
        command.until(lambda: any(command.temporary.glob("chatkit-doctor-run-*")))
        command.tell(number)
        ended = command.end()
    assert (ended.code, ended.left) == (128 + number, ())
    # What lint is about to do may have been said, and no more.
    assert re.fullmatch(r"(lint will send [^*]*\(--probe\)\.\n)?", ended.out)
    assert re.fullmatch(r"Error: .+ before there was anything to report\n", ended.err)
    assert not (tmp_path / "reports").exists()


@pytest.mark.browser
def test_what_a_killed_run_leaves_is_removed_by_the_next(scenario: str, tmp_path: Path) -> None:
    output = tmp_path / "reports"
    with running("run", scenario, "--runtime", "reference", "--output", str(output)) as command:
        command.until(lambda: begun(output) is not None)
        command.tell(signal.SIGKILL)
        left = command.end().left
        assert any(name.startswith("chatkit-doctor-run-") for name in left)
        stream = tmp_path / "stream.sse"
        stream.write_text("data: {}\n\n")
        subprocess.run(
            [sys.executable, "-m", "chatkit_doctor.cli.main", "lint", str(stream), "--output", str(output)],
            env={**os.environ, "TMPDIR": str(command.temporary)},
            check=False,
            capture_output=True,
        )
        assert list(command.temporary.iterdir()) == []


STOPPED_WHILE_ITS_LOOP_IS_MADE = """
import asyncio, os, signal, sys
from chatkit_doctor.cli.main import main

make = asyncio.new_event_loop

def made():
    loop = make()
    os.kill(os.getpid(), signal.SIGTERM)
    return loop

asyncio.events.new_event_loop = made
sys.argv = ["chatkit-doctor", "lint", "http://127.0.0.1:9/chatkit"]
main()
"""


def test_a_signal_while_the_event_loop_is_made_leaves_none_half_made(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "default::ResourceWarning", "-c", STOPPED_WHILE_ITS_LOOP_IS_MADE],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
        check=False,
    )
    said = "Error: stopped before there was anything to report\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (128 + signal.SIGTERM, "", said)
