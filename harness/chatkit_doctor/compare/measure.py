"""Running the scenarios on both runtimes: one warm browser after the other, each scenario several times.

What differs is run again on both before it is called a difference.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import msgspec

from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.pool import BrowserChoice, BrowserPool
from chatkit_doctor.browser.session import SessionOptions, record
from chatkit_doctor.compare.comparison import Pair, Run, agreement, compare_scenario, stale, verdict
from chatkit_doctor.compare.defaults import AT_LEAST, RUNS
from chatkit_doctor.compare.known import known_differences
from chatkit_doctor.compare.model import ComparisonModel, ScenarioModel
from chatkit_doctor.compare.output import write
from chatkit_doctor.engine.run import warm
from chatkit_doctor.errors import Interrupted, UsageError
from chatkit_doctor.host.server import Host
from chatkit_doctor.recording.reader import load
from chatkit_doctor.report.artifacts import ReportFolder
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import Runtime
from chatkit_doctor.scenario.load import NamedScenario


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """What is compared and how.

    ``runs`` counts per scenario and runtime, and once more where the two differ; ``at_least`` is in percent.
    """

    left: str
    right: str
    runs: int = RUNS
    at_least: float = AT_LEAST
    browser: BrowserChoice | None = None
    session: SessionOptions = field(default_factory=lambda: SessionOptions(trace=False))
    output: Path = Path("reports")


class Observer(Protocol):
    """Told how a comparison goes, while it goes."""

    def runtime_chosen(self, runtime: Runtime) -> None:
        """Which component is one side."""

    def started(self, runtime: str, scenario: str, run: int) -> None:
        """A session begins."""

    def compared(self, scenario: ScenarioModel) -> None:
        """A scenario has run on both sides."""


@dataclass(slots=True)
class _Side:
    """One runtime and what its sessions gave, by scenario, and the browser they ran in."""

    runtime: Runtime
    runs: dict[str, list[Run]] = field(default_factory=dict)
    browser: dict[str, Any] = field(default_factory=dict)
    interrupted: bool = False


def compare(
    scenarios: Sequence[NamedScenario], options: CompareOptions, observer: Observer
) -> tuple[ComparisonModel, Path]:
    """Compare two runtimes; returns the answer and the folder of its report.

    A comparison that is interrupted, or whose browser dies, reports the scenarios it has not compared as
    such. Raises DoctorError when a runtime or the browser cannot be had.
    """
    itself = options.left == options.right
    if itself and options.runs < 2:
        raise UsageError(
            "a runtime is compared with itself over at least two runs", where=f"--runs {options.runs}"
        )
    left = choose(options.left)
    right = left if itself else choose(options.right)
    for runtime in (left,) if itself else (left, right):
        observer.runtime_chosen(runtime)
    chosen = replace(options, browser=options.browser or choose_browser())
    folder = ReportFolder.create(options.output, "compare")
    known = known_differences() if left.is_real != right.is_real else ()
    pair = Pair(str(left.name), str(right.name), known)
    started_at, begun = datetime.now(UTC).isoformat(timespec="seconds"), time.perf_counter()
    try:
        models, browser = asyncio.run(_both(scenarios, (left, right), pair, chosen, folder, observer))
    except KeyboardInterrupt:
        raise Interrupted("interrupted before there was anything to compare") from None
    agreed = agreement(models)
    result = ComparisonModel(
        verdict=verdict(agreed, options.at_least),
        agreement=agreed,
        at_least=options.at_least,
        runs=options.runs,
        itself=itself,
        left=msgspec.to_builtins(left.info()),
        right=msgspec.to_builtins(right.info()),
        browser=browser,
        scenarios=models,
        stale=stale(known, models),
        started_at=started_at,
        duration_ms=round((time.perf_counter() - begun) * 1000, 1),
    )
    write(result, folder.path)
    folder.link_latest()
    return result, folder.path


async def _both(
    scenarios: Sequence[NamedScenario],
    runtimes: tuple[Runtime, Runtime],
    pair: Pair,
    options: CompareOptions,
    folder: ReportFolder,
    observer: Observer,
) -> tuple[list[ScenarioModel], dict[str, Any]]:
    left = _Side(runtimes[0])
    right = left if pair.itself else _Side(runtimes[1])
    told: dict[str, ScenarioModel] = {}
    doubtful: list[NamedScenario] = []

    def judge(named: NamedScenario, *, final: bool = True) -> None:
        name = named.name
        model = compare_scenario(name, pair, left.runs.get(name, ()), right.runs.get(name, ()))
        if not final and any(difference.known is None for difference in model.differences):
            doubtful.append(named)
            return
        told[name] = model
        observer.compared(model)

    sessions = _Sessions(options, folder, observer)
    if not pair.itself:
        await sessions.run(scenarios, left)
    if not left.interrupted:
        await sessions.run(scenarios, right, partial(judge, final=pair.itself))
    if doubtful and not right.interrupted:
        # A busy machine makes noise that few runs may miss: a difference has to show in as many runs again.
        await sessions.run(doubtful, left)
        if not left.interrupted:
            await sessions.run(doubtful, right, judge)
    for named in scenarios:
        if named.name not in told:
            judge(named)
    return [told[named.name] for named in scenarios], left.browser


@dataclass(frozen=True, slots=True)
class _Sessions:
    """Runs scenarios on one side, in one warm browser."""

    options: CompareOptions
    folder: ReportFolder
    observer: Observer

    async def run(
        self,
        scenarios: Sequence[NamedScenario],
        side: _Side,
        done: Callable[[NamedScenario], None] = lambda _: None,
    ) -> None:
        """All runs of each scenario, after those it has had; ``done`` is told each one that is complete.

        Ends early when it is interrupted or the browser dies; the last session then has broken off.
        """
        browser = self.options.browser or choose_browser()
        async with warm(scenarios, side.runtime, browser) as (pool, host):
            side.browser = msgspec.to_builtins(pool.info(motion=False))
            for named in scenarios:
                for _ in range(self.options.runs):
                    await self._session(named, side, pool, host)
                    if side.interrupted or not pool.browser.is_connected():
                        return
                done(named)

    async def _session(self, named: NamedScenario, side: _Side, pool: BrowserPool, host: Host) -> None:
        runs = side.runs.setdefault(named.name, [])
        number, runtime = len(runs) + 1, str(side.runtime.name)
        self.observer.started(runtime, named.name, number)
        place = self.folder.sub(f"{runtime}/run-{number}/{named.name}")
        try:
            await record(named, place.path, pool, host, self.options.session)
        except asyncio.CancelledError:
            # Ctrl-C: what has been compared so far is reported, the rest as not compared.
            side.interrupted = True
        runs.append(await asyncio.to_thread(_read, place))


def _read(place: ReportFolder) -> Run:
    return Run.of(load(place.path), place.inside)
