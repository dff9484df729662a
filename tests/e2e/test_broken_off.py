"""A run that breaks off leaves a recording that can be read, says so, and is never green."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chatkit_doctor.browser.session import SessionOptions, record
from chatkit_doctor.engine.pipeline import judge_folder
from chatkit_doctor.recording.entries import DomState, PaintFrame, SessionBrokeOff, SsePosted
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.read import scenario_from
from tests.session_runner import SessionRunner

LIMIT_S = 120.0

ENDLESS = """
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
limits: {turn: 25000}
"""


def endless() -> NamedScenario:
    import yaml

    return NamedScenario("endless", Path(), scenario_from(yaml.safe_load(ENDLESS)))


async def until_streaming(folder: Path) -> None:
    """Wait until the reply is on the screen: the middle of the turn."""
    async with asyncio.timeout(LIMIT_S):
        while "assistant-message" not in _text(folder / "recording.ndjson"):
            await asyncio.sleep(0.02)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def kill_the_browser_in_the_middle_of_a_turn(folder: Path) -> Recording:
    session_runner = SessionRunner("reference")

    async def scene() -> None:
        session = asyncio.ensure_future(
            record(endless(), folder, session_runner.browser, session_runner.host, SessionOptions(trace=True))
        )
        await until_streaming(folder)
        browser = session_runner.browser._all[0].context.browser
        assert browser is not None
        cdp = await browser.new_browser_cdp_session()
        processes = (await cdp.send("SystemInfo.getProcessInfo"))["processInfo"]
        os.kill(next(p["id"] for p in processes if p["type"] == "browser"), signal.SIGKILL)
        await asyncio.wait_for(session, LIMIT_S)

    try:
        session_runner.run(scene())
    finally:
        session_runner.close()
    return load(folder)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return kill_the_browser_in_the_middle_of_a_turn(tmp_path_factory.mktemp("killed"))


@pytest.mark.browser
def test_a_killed_browser_leaves_a_recording_without_footer(killed: Recording) -> None:
    assert not killed.finished


@pytest.mark.browser
def test_a_killed_browser_leaves_what_was_seen_until_then(killed: Recording) -> None:
    assert killed.has(SsePosted)
    assert killed.has(DomState)


@pytest.mark.browser
def test_a_killed_browser_leaves_the_pictures_that_were_taken_until_then(killed: Recording) -> None:
    frames = killed.of(PaintFrame)
    assert frames
    assert killed.directory is not None
    for frame in frames:
        assert (killed.directory / frame.data.file).read_bytes().startswith(b"\xff\xd8"), "a JPEG"


@pytest.mark.browser
def test_a_killed_browser_is_named_as_the_reason(killed: Recording) -> None:
    (entry,) = killed.of(SessionBrokeOff)
    assert "browser" in entry.data.reason


@pytest.mark.browser
def test_the_audit_of_a_broken_recording_is_inconclusive(killed: Recording) -> None:
    assert killed.directory is not None
    diagnosis = judge_folder(killed.directory).diagnosis
    assert (diagnosis.verdict, "browser" in diagnosis.reason) == ("inconclusive", True)


@pytest.mark.browser
def test_ctrl_c_ends_with_a_readable_recording_and_exit_code_2(tmp_path: Path) -> None:
    scenario = tmp_path / "endless.yaml"
    scenario.write_text(ENDLESS)
    output = tmp_path / "reports"
    command = [
        sys.executable,
        "-m",
        "chatkit_doctor.cli.main",
        "run",
        str(scenario),
        "--runtime",
        "reference",
    ]
    process = subprocess.Popen(
        [*command, "--output", str(output), "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:

        async def in_the_turn() -> Path:
            async with asyncio.timeout(LIMIT_S):
                while not (found := list(output.glob("*/recording.ndjson"))):
                    await asyncio.sleep(0.02)
            await until_streaming(found[0].parent)
            return found[0].parent

        folder = asyncio.run(in_the_turn())
        # A terminal sends Ctrl-C to the whole group: the driver and the browser get it, too.
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130, err.decode()
    assert not load(folder).finished
    assert json.loads(out)["scenarios"][0]["verdict"] == "inconclusive"
    assert b"Traceback" not in err
