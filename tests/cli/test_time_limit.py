"""``--timeout`` bounds everything: whatever hangs, there is an answer in time, and nothing is left behind."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cli.commands import Command, Ended, running

TIMEOUT_S = 30
"""Long enough for a turn to begin on a busy machine, and for everything that comes after it."""
HANGS = """
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
limits: {turn: 300000}
"""


@pytest.fixture
def silent() -> Iterator[str]:
    """A backend that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://localhost:{server.getsockname()[1]}/chatkit"


def streaming(output: Path) -> bool:
    """Whether a reply is on the screen of a session."""
    return any(b"assistant-message" in j.read_bytes() for j in output.glob("*/recording.ndjson"))


def browser_processes(command: Command, kind: str) -> list[psutil.Process]:
    """The processes of a browser that are of a kind, such as ``--type=renderer``."""
    below = psutil.Process(command.process.pid).children(recursive=True)
    return [each for each in below if any(kind in argument for argument in each.cmdline())]


def in_the_turn(tmp_path: Path, kind: str, number: int) -> Ended:
    """A run whose turn hangs, and whose processes of a kind are sent a signal in the middle of it."""
    scenario, output = tmp_path / "hangs.yaml", tmp_path / "reports"
    scenario.write_text(HANGS)
    options = ("--runtime", "reference", "--output", str(output), "--format", "json")
    with running("run", str(scenario), "--timeout", str(TIMEOUT_S), *options) as command:
        command.until(lambda: streaming(output))
        for process in browser_processes(command, kind):
            process.send_signal(number)
        return command.end()


def only(ended: Ended) -> dict[str, Any]:
    """The report of the only scenario."""
    assert ended.out, ended
    (report,) = json.loads(ended.out)["scenarios"]
    return dict(report)


@pytest.mark.browser
@pytest.mark.parametrize(
    "kind",
    ["--type=renderer", "--user-data-dir=", "run-driver"],
    ids=["renderer", "browser", "driver"],
)
def test_what_is_stopped_is_given_up_in_time(kind: str, tmp_path: Path) -> None:
    ended = in_the_turn(tmp_path, kind, signal.SIGSTOP)
    report = only(ended)
    assert (ended.code, ended.err, ended.left) == (2, "", ())
    assert (report["verdict"], report["cause"]) == ("inconclusive", None)
    assert report["reason"] == f"the time limit of {TIMEOUT_S} s was reached"


@pytest.mark.browser
def test_a_backend_that_never_answers_is_told_by_its_symptom(silent: str, tmp_path: Path) -> None:
    limits = ("--turn-timeout", "5", "--timeout", "120")
    options = ("--runtime", "reference", "--output", str(tmp_path), "--format", "json")
    with running("check", "--backend", silent, *limits, *options) as command:
        ended = command.end()
    report = json.loads(ended.out)
    assert (ended.code, ended.left) == (1, ())
    assert "stuck-responding" in [symptom["id"] for symptom in report["symptoms"]]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("network.mojom.NetworkService", "the browser's network service died"),
        ("--type=renderer", "the page crashed"),
        ("run-driver", "the browser's driver no longer responds"),
    ],
    ids=["network service", "renderer", "driver"],
)
def test_what_dies_is_named_and_no_fault_of_the_backend(kind: str, reason: str, tmp_path: Path) -> None:
    scenario, output = tmp_path / "hangs.yaml", tmp_path / "reports"
    scenario.write_text(HANGS.replace("300000", "10000"))
    options = ("--runtime", "reference", "--timeout", "120", "--output", str(output), "--format", "json")
    with running("run", str(scenario), *options) as command:
        command.until(lambda: streaming(output))
        for process in browser_processes(command, kind):
            process.kill()
        ended = command.end()
    report = only(ended)
    assert (ended.code, ended.err, ended.left) == (2, "", ())
    assert (report["verdict"], report["reason"]) == ("inconclusive", reason)
    assert (report["cause"], report["symptoms"], report["contributing"]) == (None, [], [])
