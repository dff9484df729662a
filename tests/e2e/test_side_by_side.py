"""Sessions side by side, and runs side by side, see nothing of each other."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

import chatkit_doctor
from chatkit_doctor import sync
from chatkit_doctor.engine.engine import carry_out
from chatkit_doctor.engine.events import RunFinished, SessionRecorded, SessionStarted
from chatkit_doctor.engine.plan import Drive, Plan
from chatkit_doctor.protocol.events import member
from chatkit_doctor.protocol.payload import as_object
from chatkit_doctor.recording.entries import FrameStubbed, PageOptions, PaintFrame, RequestSent
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import Runtime, RuntimeFile, RuntimeName
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.read import scenario_from

LIMIT_S: Final = 60.0
SHOWN: Final = b"assistant-message"
COMMAND: Final = (sys.executable, "-m", "chatkit_doctor.cli.main", "run")
REMEMBERS: Final = {
    "title": "A page that remembers its thread",
    "page": {"remember_thread": True},
    "backend": {"kind": "script", "answers": {"*": {"stream": [{"good_turn": {"reply": "Noted."}}]}}},
    "steps": [{"send": "Hello"}],
}
ENDLESS: Final = """
title: a stream that stays open
backend:
  kind: script
  answers:
    "*": {stream: [{good_turn: {reply: Some text., without: [assistant.done]}}, {end: hang}]}
steps: [{send: Hello}]
limits: {turn: 50000}
"""


def copies(count: int, made: dict[str, Any] = REMEMBERS) -> tuple[Drive, ...]:
    """The same scenario under several names."""
    scenario = scenario_from(made)
    return tuple(Drive(NamedScenario(f"copy-{n}", Path(), scenario), f"copy-{n}") for n in range(count))


def carried_out(plan: Plan) -> tuple[int, list[Recording]]:
    """How many sessions ran at once at most, and the recordings."""

    async def scene() -> int:
        running = most = 0
        async for event in carry_out(plan):
            running += isinstance(event, SessionStarted) - isinstance(event, SessionRecorded)
            most = max(most, running)
        return most

    most = asyncio.run(asyncio.wait_for(scene(), LIMIT_S))
    return most, [load(plan.directory / session.place) for session in plan.sessions]


@pytest.mark.browser
def test_sessions_do_not_share_what_they_store(tmp_path: Path) -> None:
    plan = Plan("copies", copies(4), tmp_path, "reference", workers=2, trace=False, judged=False)
    most, recordings = carried_out(plan)
    assert most == 2
    for recording in recordings:
        assert recording.finished
        first, *_ = recording.of(PageOptions)
        assert "initialThread" not in first.data.given
        (sent,) = (entry for entry in recording.of(RequestSent) if entry.data.op == "threads.create")
        content = member(member(as_object(sent.data.body), "params"), "input")["content"]
        assert content[0]["text"] == "Hello"


def without_a_chunk(folder: Path) -> Runtime:
    """The reference as a snapshot that lacks a chunk which its frame asks for."""
    reference = choose("reference")
    path = "/deployments/chatkit/frame/main.js"
    main = folder / "main.js"
    main.write_bytes(reference.files[path].path.read_bytes() + b'\nimport("./absent.js");')
    files = {**reference.files, path: RuntimeFile(main, main.stat().st_size)}
    return replace(reference, name=RuntimeName.SNAPSHOT, files=files)


@pytest.mark.browser
def test_each_session_has_its_own_stubs_its_own_trace_and_its_own_film(tmp_path: Path) -> None:
    plan = Plan("copies", copies(4), tmp_path, without_a_chunk(tmp_path), workers=2, judged=False)
    most, recordings = carried_out(plan)
    assert most == 2
    assert [len(recording.of(FrameStubbed)) for recording in recordings] == [1] * 4
    folders = [tmp_path / session.place for session in plan.sessions]
    assert all((folder / "trace.zip").is_file() for folder in folders)
    for folder, recording in zip(folders, recordings, strict=True):
        frames = {folder / frame.data.file for frame in recording.of(PaintFrame)}
        assert frames == set((folder / "film").iterdir())
        assert frames


@pytest.mark.browser
def test_a_report_is_in_the_order_of_the_scenarios(tmp_path: Path) -> None:
    names = ["seed/attempt-3", "page/script-late", "control/first-turn"]
    result = sync.run(names, workers=3, runtime="reference", trace=False, output=tmp_path)
    assert [report.name for report in result.run.scenarios] == names
    assert [report.expectation.met for report in result.run.scenarios if report.expectation] == [True] * 3
    places = [report.artifacts["folder"] for report in result.run.scenarios]
    assert all((result.folder / place / "report.json").is_file() for place in places)


@pytest.mark.browser
def test_two_runs_in_one_event_loop_give_what_each_gives_alone(tmp_path: Path) -> None:
    async def scene() -> tuple[chatkit_doctor.RunResult, chatkit_doctor.RunResult]:
        options: dict[str, Any] = {"runtime": "reference", "workers": 1, "output": tmp_path}
        return await asyncio.gather(
            chatkit_doctor.run(["seed/attempt-3"], secrets=["the whole answer"], **options),
            chatkit_doctor.run(["control/first-turn"], **options),
        )

    attempt, control = asyncio.run(asyncio.wait_for(scene(), LIMIT_S))
    assert [attempt.run.scenarios[0].verdict, control.run.scenarios[0].verdict] == ["fail", "pass"]
    assert attempt.folder != control.folder
    assert control.run.scenarios[0].messages[-1].text.endswith("the whole answer to it.")


@pytest.mark.browser
def test_two_processes_with_one_output_give_what_each_gives_alone(tmp_path: Path) -> None:
    command = [*COMMAND, "--runtime", "reference", "--output", str(tmp_path), "--format", "json"]
    processes = [
        subprocess.Popen([*command, "seed/attempt-3"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=LIMIT_S) for process in processes]
    assert [err for _, err in outputs] == [b"", b""]
    assert [json.loads(out)["totals"]["as_expected"] for out, _ in outputs] == [1, 1]
    latest = (tmp_path / "latest").resolve()
    folders = [path for path in tmp_path.iterdir() if not path.is_symlink()]
    assert len(folders) == 2
    assert latest in folders
    for folder in folders:
        assert json.loads((folder / "report.json").read_text())["cause"]["id"] == "wrong-dialect"


@pytest.mark.browser
def test_ctrl_c_stops_all_sessions_and_reports_what_there_is(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.yaml").write_text(ENDLESS)
    output = tmp_path / "reports"
    options = ["--runtime", "reference", "--workers", "2", "--output", str(output), "--format", "json"]
    process = subprocess.Popen(
        [*COMMAND, str(tmp_path), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )

    async def both_in_the_turn() -> None:
        async with asyncio.timeout(LIMIT_S):
            while (
                sum(b"assistant-message" in p.read_bytes() for p in output.glob("*/*/recording.ndjson")) < 2
            ):
                await asyncio.sleep(0.02)

    try:
        asyncio.run(both_in_the_turn())
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, err) == (130, b"")
    told = json.loads(out)["scenarios"]
    assert [(report["name"], report["verdict"]) for report in told] == [
        ("a", "inconclusive"),
        ("b", "inconclusive"),
    ]
    assert not (output / "latest").exists()


@pytest.mark.browser
def test_a_run_that_was_told_to_stop_leaves_out_what_had_not_begun(tmp_path: Path) -> None:
    async def scene() -> tuple[list[int], bool]:
        stop, started, interrupted = asyncio.Event(), list[int](), False
        plan = Plan("copies", copies(4), tmp_path, "reference", workers=2, trace=False)
        async for event in carry_out(plan, stop):
            match event:
                case SessionStarted(session=session):
                    started.append(session.index)
                case SessionRecorded():
                    stop.set()
                case RunFinished():
                    interrupted = event.interrupted
        return started, interrupted

    started, interrupted = asyncio.run(asyncio.wait_for(scene(), LIMIT_S))
    assert interrupted
    assert started[:2] == [0, 1]
    assert 3 not in started
