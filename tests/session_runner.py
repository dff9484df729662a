"""A warm browser, a host and a runtime for tests, on an event loop of their own thread.

The thread keeps tests that use Playwright's synchronous fixtures and tests that run sessions out of each
other's way.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

from chatkit_doctor.browser.choose import choose_browser
from chatkit_doctor.browser.fresh import FreshContext
from chatkit_doctor.browser.session import HOST_PAGE, SessionOptions, record
from chatkit_doctor.browser.target import Address, Target
from chatkit_doctor.browser.visitor import Visitor
from chatkit_doctor.browser.warm import WarmBrowsers, WarmProfile
from chatkit_doctor.engine.pipeline import judge, with_remedies
from chatkit_doctor.host.server import Host
from chatkit_doctor.loopback import StandIn
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.report.build import report_of
from chatkit_doctor.report.folder import artifacts_in
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import Runtime
from chatkit_doctor.runtime.server import RuntimeServer
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.model import Scenario

T = TypeVar("T")
LIMIT_S = 120.0


class SessionRunner:
    """Runs sessions one after the other in one browser."""

    def __init__(
        self, runtime: str | Runtime, *, tee: bool = False, stand_ins: Sequence[StandIn] = ()
    ) -> None:
        self.runtime = choose(runtime) if isinstance(runtime, str) else runtime
        self._tee = tee
        self._stand_ins = stand_ins
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name=f"session_runner-{self.runtime.name}", daemon=True
        )
        self._thread.start()
        self._stack = AsyncExitStack()
        self._bare: WarmBrowsers | None = None
        self.run(self._open())

    async def _open(self) -> None:
        self.host = self._stack.enter_context(Host())
        server = RuntimeServer(self.runtime, stand_ins=(*self.host.stand_ins, *self._stand_ins))
        self.server = self._stack.enter_context(server)
        provider = WarmProfile(choose_browser(), tee=self._tee)
        self.browser = await self._stack.enter_async_context(provider.open(self.server.started))

    async def unwatched(self) -> WarmBrowsers:
        """A browser without probes, beside the other: what a page does when nobody watches."""
        if self._bare is None:
            provider = WarmProfile(choose_browser(), observed=False)
            self._bare = await self._stack.enter_async_context(provider.open(self.server.started))
        return self._bare

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the session_runner's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(LIMIT_S)

    def close(self) -> None:
        """Close the browser and the servers."""
        self.run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LIMIT_S)
        self._loop.close()

    def record(
        self,
        scenario: Scenario | NamedScenario,
        folder: Path,
        *,
        target: Target = HOST_PAGE,
        **options: Any,
    ) -> Recording:
        """Carry out a scenario and read its recording."""
        named = scenario if isinstance(scenario, NamedScenario) else NamedScenario("test", Path(), scenario)
        settings = SessionOptions(**{"trace": False, **options})
        self.run(record(named, folder, self.browser, self.host, settings, target=target))
        return load(folder)

    def visit(self, visitor: Visitor, scenario: Scenario, folder: Path, target: Address) -> Recording:
        """Carry out a scenario on the user's own page, in a browser for one visitor."""

        async def look() -> None:
            settings = SessionOptions(secrets=visitor.secrets)
            async with FreshContext(choose_browser(), visitor).open(self.server.started) as browser:
                named = NamedScenario("visit", Path(), scenario)
                await record(named, folder, browser, self.host, settings, target=target)

        self.run(look())
        return load(folder)

    def diagnose(self, scenario: Scenario | NamedScenario, folder: Path, **options: Any) -> ReportModel:
        """Carry out a scenario and judge it."""
        recording = self.record(scenario, folder, **options)
        expect = scenario.scenario.expect if isinstance(scenario, NamedScenario) else scenario.expect
        return report_of(with_remedies(judge(recording, expect)), artifacts_in(folder))
