"""The whole pipeline in one place: scenario → session → recording → findings → diagnosis → report."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.pool import BrowserChoice, BrowserPool
from chatkit_doctor.browser.session import SessionOptions, record
from chatkit_doctor.engine.pipeline import judge
from chatkit_doctor.errors import Interrupted
from chatkit_doctor.host.server import Host
from chatkit_doctor.recording.reader import load
from chatkit_doctor.report.artifacts import ReportFolder
from chatkit_doctor.report.build import build_run
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import Runtime
from chatkit_doctor.runtime.server import RuntimeServer
from chatkit_doctor.scenario.backend import SdkBackend, UrlBackend
from chatkit_doctor.scenario.load import NamedScenario


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How sessions are carried out.

    ``runtime`` and ``browser`` None mean "the best that can be had"; ``port`` 0 is any free one.
    """

    runtime: str | None = None
    browser: BrowserChoice | None = None
    session: SessionOptions = field(default_factory=SessionOptions)
    output: Path = Path("reports")
    port: int = 0


class Observer(Protocol):
    """Told how a run goes, while it goes."""

    def runtime_chosen(self, runtime: Runtime) -> None:
        """Which component is going to be used."""

    def started(self, name: str) -> None:
        """A scenario begins."""

    def finished(self, report: ReportModel) -> None:
        """A scenario is done."""


def run(
    scenarios: Sequence[NamedScenario], name: str, options: RunOptions, observer: Observer
) -> tuple[RunModel, Path]:
    """Carry out scenarios one after the other; returns the run and the folder of its report.

    A run that is interrupted stops after the scenario it was in, and reports what it has. Raises DoctorError
    when there is no browser or no runtime, and when it was interrupted before its first scenario.
    """
    runtime = choose(options.runtime)
    observer.runtime_chosen(runtime)
    browser = options.browser or choose_browser()
    folder = ReportFolder.create(options.output, name)
    single = len(scenarios) == 1
    begun = time.perf_counter()
    try:
        sessions = _sessions(scenarios, folder, runtime, browser, options, observer, single=single)
        reports = asyncio.run(sessions)
    except KeyboardInterrupt:
        raise Interrupted("interrupted before there was anything to report") from None
    result = build_run(reports, duration_ms=(time.perf_counter() - begun) * 1000)
    if not single:
        folder.write_run(result)
    folder.link_latest()
    return result, folder.path


async def _sessions(
    scenarios: Sequence[NamedScenario],
    folder: ReportFolder,
    runtime: Runtime,
    browser: BrowserChoice,
    options: RunOptions,
    observer: Observer,
    *,
    single: bool,
) -> list[ReportModel]:
    reports: list[ReportModel] = []
    async with warm(scenarios, runtime, browser, options.port) as (pool, host):
        for named in scenarios:
            observer.started(named.name)
            place = folder if single else folder.sub(named.name)
            interrupted = False
            try:
                await record(named, place.path, pool, host, options.session)
            except asyncio.CancelledError:
                # Ctrl-C: the recording says that it broke off; it is judged like any other.
                interrupted = True
            report = await asyncio.to_thread(_judged, named, place)
            reports.append(report)
            observer.finished(report)
            if interrupted or not pool.browser.is_connected():
                break
    return reports


@asynccontextmanager
async def warm(
    scenarios: Sequence[NamedScenario], runtime: Runtime, browser: BrowserChoice, port: int = 0
) -> AsyncIterator[tuple[BrowserPool, Host]]:
    """A browser on a runtime and a host, for any number of sessions of these scenarios.

    Raises BrowserError when the browser does not start.
    """
    preloaded = asyncio.ensure_future(_preload(scenarios))
    with Host(port) as host:
        hermetic = _is_hermetic(scenarios)
        with RuntimeServer(runtime, hermetic=hermetic, stand_ins=host.stand_ins) as server:
            async with BrowserPool(browser, server) as pool:
                await preloaded
                yield pool, host


async def _preload(scenarios: Sequence[NamedScenario]) -> None:
    """Import the SDK (over a second) while the browser starts, if any scenario needs it."""
    if any(isinstance(named.scenario.backend, SdkBackend) for named in scenarios):
        await asyncio.to_thread(importlib.import_module, "chatkit_doctor.host.control")


def _is_hermetic(scenarios: Sequence[NamedScenario]) -> bool:
    """Whether nothing but this machine and the component's own host needs to be reached."""
    return not any(isinstance(named.scenario.backend, UrlBackend) for named in scenarios)


def _judged(named: NamedScenario, place: ReportFolder) -> ReportModel:
    report = judge(load(place.path), expect=named.scenario.expect, artifacts=place.artifacts())
    place.write(report)
    return report
