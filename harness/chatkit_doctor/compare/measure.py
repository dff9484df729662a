"""Running the scenarios on both runtimes: one after the other, each scenario several times.

What differs is run again on both before it is called a difference.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatkit_doctor.compare.comparison import (
    ComparedRun,
    Pair,
    agreement,
    compare_scenario,
    stale,
    verdict,
)
from chatkit_doctor.compare.defaults import AT_LEAST, RUNS
from chatkit_doctor.compare.events import (
    CompareEvent,
    CompareSubscriber,
    ComparisonFinished,
    ScenarioCompared,
    SessionBegan,
    SideChosen,
)
from chatkit_doctor.compare.known import known_differences
from chatkit_doctor.compare.model import ComparisonModel, ScenarioModel
from chatkit_doctor.engine.engine import carry_out
from chatkit_doctor.engine.events import RunFinished, SessionRecorded, SessionRef, SessionStarted
from chatkit_doctor.engine.plan import Drive, Plan
from chatkit_doctor.errors import UsageError
from chatkit_doctor.recording.reader import load
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import Runtime
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.names import folder_of

if TYPE_CHECKING:
    from chatkit_doctor.browser.provider import BrowserProvider


@dataclass(frozen=True, slots=True)
class ComparePlan:
    """What is compared, and how.

    ``runs`` counts per scenario and runtime, and again where the two differ; ``at_least`` is in percent.
    ``browser`` and ``workers`` are those of the plans that are carried out, see ``engine.plan.Plan``.
    """

    left: str | Runtime
    right: str | Runtime
    scenarios: tuple[NamedScenario, ...]
    directory: Path
    runs: int = RUNS
    at_least: float = AT_LEAST
    browser: BrowserProvider | None = None
    workers: int | None = None


async def compare(plan: ComparePlan, stop: asyncio.Event | None = None) -> AsyncGenerator[CompareEvent, None]:
    """Compare two runtimes, and tell what happens.

    A comparison that is stopped, or whose browser dies, reports the scenarios it has not compared as such.
    Raises DoctorError when a runtime or the browser is not available.
    """
    itself = plan.left == plan.right
    if itself and plan.runs < 2:
        raise UsageError(
            "comparing a runtime with itself requires at least two runs", where=f"--runs {plan.runs}"
        )
    left = await _chosen(plan.left)
    right = left if itself else await _chosen(plan.right)
    for runtime in (left,) if itself else (left, right):
        yield SideChosen(runtime)
    known = known_differences() if left.is_real != right.is_real else ()
    comparison = _Comparison(plan, left, right, Pair(str(left.name), str(right.name), known), stop)
    started_at, begun = datetime.now(UTC).isoformat(timespec="seconds"), time.perf_counter()
    async for event in comparison.run():
        yield event
    models = comparison.models()
    agreed = agreement(models)
    result = ComparisonModel(
        verdict=verdict(agreed, plan.at_least),
        agreement=agreed,
        at_least=plan.at_least,
        runs=plan.runs,
        itself=itself,
        left=left.info().as_json(),
        right=right.info().as_json(),
        browser=comparison.left.browser,
        scenarios=models,
        stale=stale(known, models),
        started_at=started_at,
        duration_ms=round((time.perf_counter() - begun) * 1000, 1),
    )
    yield ComparisonFinished(plan.directory, result, comparison.interrupted)


async def tell(
    events: AsyncGenerator[CompareEvent, None], subscribers: Sequence[CompareSubscriber]
) -> ComparisonFinished:
    """Tell the subscribers what happens in a comparison; returns its end."""
    finished: ComparisonFinished | None = None
    try:
        async with aclosing(events):
            async for event in events:
                for subscriber in subscribers:
                    await asyncio.to_thread(subscriber.on_event, event)
                if isinstance(event, ComparisonFinished):
                    finished = event
    finally:
        for subscriber in subscribers:
            subscriber.close()
    assert finished is not None  # noqa: S101 - the last event of a stream that did not raise
    return finished


async def _chosen(runtime: str | Runtime) -> Runtime:
    return runtime if isinstance(runtime, Runtime) else await asyncio.to_thread(choose, runtime)


@dataclass(slots=True)
class _Side:
    """One runtime and what its sessions gave, by scenario, and the browser they ran in."""

    runtime: Runtime
    runs: dict[str, list[ComparedRun]] = field(default_factory=dict)
    browser: dict[str, Any] = field(default_factory=dict)

    async def add(self, session: SessionRef) -> None:
        """Take in what a session has recorded."""
        recording = await asyncio.to_thread(load, session.directory)
        browser = recording.header.browser
        self.browser = browser.as_json() if browser is not None else {}
        run = await asyncio.to_thread(ComparedRun.of, recording, session.place)
        self.runs.setdefault(session.name, []).append(run)


class _Comparison:
    """Runs the scenarios on both sides, and compares each that is complete."""

    def __init__(
        self, plan: ComparePlan, left: Runtime, right: Runtime, pair: Pair, stop: asyncio.Event | None
    ) -> None:
        self.left = _Side(left)
        self.right = self.left if pair.itself else _Side(right)
        self.interrupted = False
        self._plan = plan
        self._pair = pair
        self._stop = stop
        self._compared: dict[str, ScenarioModel] = {}
        self._doubtful: list[NamedScenario] = []

    def models(self) -> list[ScenarioModel]:
        """The scenarios in the order of the plan."""
        return [self._compared[named.name] for named in self._plan.scenarios]

    async def run(self) -> AsyncIterator[CompareEvent]:
        """All sessions, and what results from them."""
        plan, pair = self._plan, self._pair
        if not pair.itself:
            async for event in self._sessions(plan.scenarios, self.left):
                yield event
        async for event in self._sessions(plan.scenarios, self.right, compares=True, is_final=pair.itself):
            yield event
        if self._doubtful:
            # A busy machine makes noise that few runs may miss: a difference has to show in as many again.
            for side in (self.left, self.right):
                async for event in self._sessions(
                    self._doubtful, side, compares=side is self.right, is_final=True
                ):
                    yield event
        for named in plan.scenarios:
            if named.name not in self._compared and (compared := self._compare(named, is_final=True)):
                yield compared

    async def _sessions(
        self,
        scenarios: Sequence[NamedScenario],
        side: _Side,
        *,
        compares: bool = False,
        is_final: bool = False,
    ) -> AsyncIterator[CompareEvent]:
        """All runs of each scenario on one side, after those it has had.

        With ``compares``, each scenario is compared as soon as it is complete. Ends early when it is stopped
        or the browser dies; the sessions under way then have broken off.
        """
        if self.interrupted:
            return
        plan = self._plan
        had = len(side.runs.get(scenarios[0].name, ())) if scenarios else 0
        runtime, numbers = str(side.runtime.name), range(had + 1, had + plan.runs + 1)
        drives = {
            (named.name, number): Drive(named, f"{runtime}/run-{number}/{folder_of(named.name)}")
            for named in scenarios
            for number in numbers
        }
        counts = [number for _, number in drives]
        by_name = {named.name: named for named in scenarios}
        side_plan = Plan(
            name="compare",
            sessions=tuple(drives.values()),
            directory=plan.directory,
            runtime=side.runtime,
            browser=plan.browser,
            workers=plan.workers,
            trace=False,
            judged=False,
        )
        async with aclosing(carry_out(side_plan, self._stop)) as events:
            async for event in events:
                match event:
                    case SessionStarted(session=session):
                        yield SessionBegan(runtime, session.name, counts[session.index])
                    case SessionRecorded(session=session):
                        await side.add(session)
                        is_complete = len(side.runs[session.name]) == had + plan.runs
                        if compares and is_complete and not event.interrupted:
                            compared = self._compare(by_name[session.name], is_final=is_final)
                            if compared is not None:
                                yield compared
                    case RunFinished(interrupted=True):
                        self.interrupted = True

    def _compare(self, named: NamedScenario, *, is_final: bool) -> ScenarioCompared | None:
        """Compare one scenario; None when it differs and has to show that again."""
        name = named.name
        left, right = self.left.runs.get(name, ()), self.right.runs.get(name, ())
        model = compare_scenario(name, self._pair, left, right)
        if not is_final and any(difference.known is None for difference in model.differences):
            self._doubtful.append(named)
            return None
        self._compared[name] = model
        return ScenarioCompared(model)
