"""A program at the page has steps carried out, one after the other, while the session goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from chatkit_doctor.browser.by_program import ByProgram
from chatkit_doctor.browser.session import SessionOptions, Watcher, record
from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.recording.entries import StepBegin
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.recording.so_far import ended
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.read import scenario_from
from chatkit_doctor.scenario.steps import Reload, Send
from tests.session_runner import SessionRunner

pytestmark = pytest.mark.browser

CONTROL = {"kind": "sdk", "reply": "Said by the backend.", "stream_ms": 100}
GOOD = {"title": "by program", "page": {"remember_thread": True}, "backend": CONTROL}


def carry_out(
    runner: SessionRunner,
    folder: Path,
    scenario: Mapping[str, object],
    program: Callable[[ByProgram], Awaitable[None]],
) -> Recording:
    """The recording of what a program did, which does not say that it is through."""

    async def session() -> None:
        by_program = ByProgram()
        named = NamedScenario("by program", Path(), scenario_from(dict(scenario)))
        options, watcher = SessionOptions(trace=False), Watcher(by_program=by_program)
        recorded = record(named, folder, runner.browser, runner.host, options, watcher=watcher)
        task = asyncio.create_task(recorded)
        async with asyncio.timeout(60):
            await program(by_program)
            await task

    runner.run(session())
    return load(folder)


def test_what_it_asks_for_is_judged_as_the_steps_of_a_scenario(
    reference: SessionRunner, tmp_path: Path
) -> None:
    before_the_end: list[str] = []

    async def program(by: ByProgram) -> None:
        assert await by.opened
        assert await by.ask(Send(text="A first message"))
        assert await by.ask(Reload())
        so_far = by.so_far()
        assert so_far is not None
        before_the_end.append(judge(ended(so_far()), None).diagnosis.verdict)
        # Steps may be asked for together: they are carried out in their order.
        assert all(await asyncio.gather(by.ask(Send(text="A second")), by.ask(Send(text="A third"))))
        by.end()

    recording = carry_out(reference, tmp_path, GOOD, program)
    assert [(e.data.do, e.data.turn, e.data.text) for e in recording.of(StepBegin)] == [
        ("open", None, ""),
        ("send", 1, "A first message"),
        ("reload", None, ""),
        ("send", 2, "A second"),
        ("send", 3, "A third"),
    ]
    assert before_the_end == ["pass"]
    assert judge(recording, None).diagnosis.verdict == "pass"


def test_a_step_that_runs_into_a_limit_ends_the_session(reference: SessionRunner, tmp_path: Path) -> None:
    silent = {"kind": "script", "answers": {"*": {"stream": [{"end": "hang"}]}}}

    async def program(by: ByProgram) -> None:
        assert await by.opened
        assert not await by.ask(Send(text="Hello"))

    recording = carry_out(reference, tmp_path, {**GOOD, "backend": silent, "limits": {"turn": 500}}, program)
    assert recording.finished
    assert "stuck-responding" in {symptom.id for symptom in judge(recording, None).diagnosis.symptoms}


def test_a_page_without_a_chat_ends_the_session(reference: SessionRunner, tmp_path: Path) -> None:
    async def program(by: ByProgram) -> None:
        assert not await by.opened

    page = {"set_options": "never"}
    recording = carry_out(reference, tmp_path, {**GOOD, "page": page, "limits": {"ready": 500}}, program)
    assert [e.data.do for e in recording.of(StepBegin)] == ["open"]
