"""Everybody who subscribes is told of every event, and of the reports that come of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from chatkit_doctor.engine.engine import carry_out
from chatkit_doctor.engine.events import Event, RunFinished, RunStarted
from chatkit_doctor.engine.plan import Plan, Simulate
from chatkit_doctor.errors import DoctorError, Interrupted, UsageError
from chatkit_doctor.report.publish import publish
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Told
from tests.chatkit_events import good
from tests.conversation.made import sse


class Listener:
    """Keeps what it is told, and on which threads."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.threads: set[str] = set()
        self.closed = 0

    def on_event(self, event: Told) -> None:
        self.told.append(type(event).__name__)
        self.threads.add(threading.current_thread().name)

    def close(self) -> None:
        self.closed += 1


class Full(Listener):
    """Cannot write."""

    def on_event(self, event: Told) -> None:
        if isinstance(event, SessionReported):
            raise OSError(28, "No space left on device", "report.json")


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    path = tmp_path / "turn.sse"
    path.write_bytes(b"".join(sse(good())))
    return Plan("one", (Simulate(str(path)),), tmp_path / "run")


def test_a_report_follows_its_judgement_and_that_of_the_run_its_end(plan: Plan) -> None:
    listener = Listener()
    reported = asyncio.run(publish(carry_out(plan), [listener]))
    assert listener.told == [
        "RunStarted",
        "SessionStarted",
        "SessionRecorded",
        "SessionJudged",
        "SessionReported",
        "RunFinished",
        "RunReported",
    ]
    assert isinstance(reported, RunReported)
    assert (reported.is_single, reported.interrupted) == (True, False)
    assert [report.verdict for report in reported.run.scenarios] == ["pass"]


def test_subscribers_hold_up_neither_the_event_loop_nor_each_other(plan: Plan) -> None:
    listeners = [Listener(), Listener()]
    asyncio.run(publish(carry_out(plan), listeners))
    (thread,) = listeners[0].threads | listeners[1].threads
    assert thread != threading.main_thread().name


def test_a_full_disk_is_one_clear_error_and_everybody_is_closed(plan: Plan) -> None:
    full, other = Full(), Listener()
    with pytest.raises(UsageError, match="No space left on device") as raised:
        asyncio.run(publish(carry_out(plan), [full, other]))
    assert raised.value.where == "report.json"
    assert (full.closed, other.closed) == (1, 1)


def test_an_error_of_the_run_is_passed_on_and_everybody_is_closed() -> None:
    async def failing() -> AsyncGenerator[Event, None]:
        yield RunStarted("x", Path(), (), None, 1)
        raise DoctorError("no browser")

    listener = Listener()
    with pytest.raises(DoctorError, match="no browser"):
        asyncio.run(publish(failing(), [listener]))
    assert (listener.told, listener.closed) == (["RunStarted"], 1)


def test_a_run_without_a_single_report_says_why() -> None:
    async def stopped() -> AsyncGenerator[Event, None]:
        yield RunStarted("x", Path(), (), None, 1)
        yield RunFinished(1.0, interrupted=True, reason="the time limit of 5 s was reached")

    with pytest.raises(Interrupted, match="the time limit of 5 s was reached before there was anything"):
        asyncio.run(publish(stopped(), []))
