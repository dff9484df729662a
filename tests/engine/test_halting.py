"""A run whose time is over ends, says so, and reports what there is."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.engine import halting, pipeline
from chatkit_doctor.engine.engine import carry_out
from chatkit_doctor.engine.events import Event, Judgement, RunFinished, SessionJudged, SessionRecorded
from chatkit_doctor.engine.halting import RESERVE_S, Halt, reserve_s
from chatkit_doctor.engine.plan import Plan, Simulate
from chatkit_doctor.engine.session_limit import session_limit_s
from chatkit_doctor.host.server import Host
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.scenario.expect import Expect
from chatkit_doctor.scenario.read import scenario_from
from tests.chatkit_events import good
from tests.conversation.made import sse

LIMIT_S = 1.0
HANGS = {
    "title": "a backend that never ends its answer",
    "backend": {"kind": "script", "answers": {"*": {"stream": [{"end": "hang"}]}}},
}


@pytest.fixture
def hanging() -> Iterator[str]:
    """The URL of a backend whose answer never ends."""
    with Host() as host, host.site(scenario_from(HANGS), LOADER_URL) as site:
        yield f"{host.origin}{site.api_url}"


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Judging that does not end."""
    released = threading.Event()

    def judge(_recording: Recording, _expect: Expect | None) -> Judgement:
        released.wait()
        raise AssertionError

    monkeypatch.setattr(pipeline, "judge", judge)
    yield
    released.set()


async def told(plan: Plan) -> list[Event]:
    return [event async for event in carry_out(plan)]


def test_a_run_ends_when_its_time_is_over(hanging: str, tmp_path: Path) -> None:
    events = asyncio.run(told(Plan("x", (Simulate(hanging),), tmp_path, limit_s=LIMIT_S)))
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert (last.interrupted, last.reason) == (True, "the time limit of 1 s was reached")


def test_the_time_of_a_run_may_have_begun_before_it(hanging: str, tmp_path: Path) -> None:
    an_hour = 3600.0
    begun = time.monotonic() - an_hour
    events = asyncio.run(told(Plan("x", (Simulate(hanging),), tmp_path, limit_s=an_hour, since=begun)))
    assert isinstance(events[-1], RunFinished)
    assert events[-1].reason == "the time limit of 3600 s was reached"


@pytest.mark.usefixtures("stuck")
def test_judging_that_never_ends_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halting, "RESERVE_S", 0.5)
    saved = tmp_path / "saved.sse"
    saved.write_bytes(b"".join(sse(good())))

    async def stopped() -> list[type[Event]]:
        stop, kinds = asyncio.Event(), []
        async for event in carry_out(Plan("x", (Simulate(str(saved)),), tmp_path), stop):
            kinds.append(type(event))
            if isinstance(event, SessionRecorded):
                stop.set()
        return kinds

    kinds = asyncio.run(stopped())
    assert (SessionRecorded in kinds, SessionJudged in kinds) == (True, False)
    assert kinds[-1] is RunFinished


def test_once_a_run_has_to_end_its_browser_has_a_share_of_what_is_left() -> None:
    async def scene() -> None:
        halt = Halt(asyncio.Event(), 3600.0, time.monotonic() - 3600.0)
        await halt.watch()
        assert halt.patience.is_over
        assert halt.judging_limit_s <= 0

    asyncio.run(scene())


@pytest.mark.parametrize(("limit_s", "kept_s"), [(5, 2), (20, 8), (600, RESERVE_S)])
def test_time_is_kept_for_what_comes_after_the_sessions(limit_s: float, kept_s: float) -> None:
    assert reserve_s(limit_s) == kept_s


def test_a_session_may_take_what_its_waits_may_take_and_a_minute_more() -> None:
    steps = [{"send": "x" * 100}, "reload"]
    limits = {"ready": 1_000, "request": 2_000, "turn": 10_000}
    scenario = scenario_from({"title": "x", "steps": steps, "limits": limits})
    typed, settling = 15, 3
    opened, sent, reloaded = 2 * 1, 2 + typed + 7 * 10 + settling, 2 * 1 + settling
    assert session_limit_s(scenario) == 60 + opened + sent + reloaded
