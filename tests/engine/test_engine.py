"""One stream of events for a plan, whatever its sessions are; here those that need no browser."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.client.session import LiveOptions
from chatkit_doctor.engine.engine import carry_out
from chatkit_doctor.engine.events import (
    Event,
    RunFinished,
    RunStarted,
    SessionJudged,
    SessionRecorded,
    SessionStarted,
    StepBegan,
)
from chatkit_doctor.engine.plan import Plan, Session, Simulate
from chatkit_doctor.errors import RecordingError, UsageError
from chatkit_doctor.host.server import Host
from chatkit_doctor.scenario.read import scenario_from
from tests.chatkit_events import done, good, reply, user
from tests.conversation.made import sse

LIMIT_S: Final = 30.0
ENDLESS: Final = {
    "title": "a backend that never ends its answer",
    "backend": {"kind": "script", "answers": {"*": {"stream": [{"good_turn": {}}, {"end": "hang"}]}}},
}


def saved(folder: Path, name: str, body: bytes) -> Simulate:
    """A session of what a file holds."""
    path = folder / f"{name}.sse"
    path.write_bytes(body)
    return Simulate(str(path), name=name, place=name)


def good_and_bad(folder: Path) -> tuple[Session, ...]:
    return (
        saved(folder, "good", b"".join(sse(good()))),
        saved(folder, "bad", b"".join(sse([done(user()), done(reply())]))),
    )


async def told(plan: Plan, stop: asyncio.Event | None = None) -> list[Event]:
    async with asyncio.timeout(LIMIT_S):
        return [event async for event in carry_out(plan, stop)]


def of_session(events: list[Event], index: int) -> list[type[Event]]:
    """What is told of one session, in order."""
    about = (SessionStarted, StepBegan, SessionRecorded, SessionJudged)
    return [type(event) for event in events if isinstance(event, about) and event.session.index == index]


@pytest.fixture(scope="module")
def endless() -> Iterator[str]:
    with Host() as host, host.site(scenario_from(ENDLESS), "") as site:
        yield f"{host.origin}{site.api_url}"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_begins_and_ends_and_each_session_has_its_events_in_order(tmp_path: Path, workers: int) -> None:
    plan = Plan("two", good_and_bad(tmp_path), tmp_path, workers=workers)
    events = asyncio.run(told(plan))
    assert isinstance(events[0], RunStarted)
    assert [session.name for session in events[0].sessions] == ["good", "bad"]
    assert (events[0].runtime, events[0].workers) == (None, workers)
    assert isinstance(events[-1], RunFinished)
    assert not events[-1].interrupted
    for index in (0, 1):
        assert of_session(events, index) == [SessionStarted, SessionRecorded, SessionJudged]
    verdicts = {
        event.session.name: str(event.judgement.diagnosis.verdict)
        for event in events
        if isinstance(event, SessionJudged)
    }
    assert verdicts == {"good": "pass", "bad": "fail"}


def test_a_plan_that_is_not_judged_ends_with_its_recordings(tmp_path: Path) -> None:
    plan = Plan("two", good_and_bad(tmp_path), tmp_path, workers=1, judged=False)
    events = asyncio.run(told(plan))
    assert of_session(events, 0) == [SessionStarted, SessionRecorded]
    assert (tmp_path / "good" / "recording.ndjson").is_file()


def test_what_cannot_be_read_is_raised_and_ends_the_other_sessions(tmp_path: Path, endless: str) -> None:
    sessions = (Simulate(endless, place="live"), saved(tmp_path, "empty", b""))

    async def scene() -> set[asyncio.Task[object]]:
        before = asyncio.all_tasks()
        with pytest.raises(RecordingError, match="it is empty"):
            await told(Plan("x", sessions, tmp_path, workers=2))
        return asyncio.all_tasks() - before

    assert asyncio.run(scene()) == set(), "nothing is left running"


def test_a_run_that_is_stopped_says_so_and_judges_nothing_that_is_not_there(
    tmp_path: Path, endless: str
) -> None:
    async def scene() -> list[Event]:
        stop, events = asyncio.Event(), list[Event]()
        async for event in carry_out(Plan("x", (Simulate(endless),), tmp_path), stop):
            events.append(event)
            if isinstance(event, StepBegan):
                stop.set()
        return events

    events = asyncio.run(asyncio.wait_for(scene(), LIMIT_S))
    assert of_session(events, 0) == [SessionStarted, StepBegan]
    assert isinstance(events[-1], RunFinished)
    assert events[-1].interrupted


def test_whoever_leaves_the_stream_leaves_nothing_running(tmp_path: Path, endless: str) -> None:
    async def scene() -> set[asyncio.Task[object]]:
        before = asyncio.all_tasks()
        events = carry_out(Plan("x", (Simulate(endless),), tmp_path))
        async with asyncio.timeout(LIMIT_S), aclosing(events):
            async for event in events:
                if isinstance(event, StepBegan):
                    break
        return asyncio.all_tasks() - before

    assert asyncio.run(scene()) == set()


def test_a_caller_that_is_cancelled_is_cancelled(tmp_path: Path, endless: str) -> None:
    async def scene() -> tuple[bool, set[asyncio.Task[object]]]:
        before = asyncio.all_tasks()
        begun = asyncio.Event()

        async def listen() -> None:
            live = LiveOptions(turn_limit_s=60)
            async for event in carry_out(Plan("x", (Simulate(endless, live),), tmp_path)):
                if isinstance(event, StepBegan):
                    begun.set()

        task = asyncio.ensure_future(listen())
        async with asyncio.timeout(LIMIT_S):
            await begun.wait()
            task.cancel()
            await asyncio.wait({task})
        return task.cancelled(), asyncio.all_tasks() - before

    assert asyncio.run(scene()) == (True, set())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_full_is_named_with_the_folder(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    session = replace(saved(tmp_path, "good", b"".join(sse(good()))), place="")
    (reports / "recording.ndjson").symlink_to("/dev/full")
    with pytest.raises(UsageError, match="the recording cannot be written: No space left") as raised:
        asyncio.run(told(Plan("x", (session,), reports)))
    assert raised.value.where == str(reports)
