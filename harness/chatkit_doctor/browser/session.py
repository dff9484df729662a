"""One session: a scenario, a page, and all gatherers; the result is a recording and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.browser.borrowed_origin import lend
from chatkit_doctor.browser.by_hand import ByHand, open_beside, tell_of_progress
from chatkit_doctor.browser.by_program import ByProgram
from chatkit_doctor.browser.driver import Driver
from chatkit_doctor.browser.network_process import NETWORK_DIED, lost_since, network_process
from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.browser.provider import OpenBrowser, Tab
from chatkit_doctor.browser.silence import OnSilence, SoFar, tell_of_silence
from chatkit_doctor.browser.storm import slow_storms
from chatkit_doctor.browser.target import Address, HostPage, Target, prepared, served
from chatkit_doctor.gather import trace
from chatkit_doctor.gather.gatherers import Gatherers
from chatkit_doctor.gather.observed_page import Gatherer, ObservedPage
from chatkit_doctor.gather.session_state import BrokeOff, SessionState
from chatkit_doctor.gather.wire import WireGatherer
from chatkit_doctor.host.server import Host
from chatkit_doctor.recording.entries import SessionBrokeOff, SessionEnded, SessionLimit
from chatkit_doctor.recording.header import Header, TargetInfo
from chatkit_doctor.recording.journal import Journal, Listener
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.recording.so_far import so_far
from chatkit_doctor.runtime.runtime import CDN_ORIGIN
from chatkit_doctor.scenario.backend import ReplayBackend, UrlBackend
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.version import __version__

FINISH_LIMIT_S: Final = 10.0
"""How long closing a recording may take once the steps are done."""
TRACE_LIMIT_S: Final = 10.0
"""How long the browser may take to end its trace; it takes some 0.1 s."""
HURRIED_S: Final = 2.0
"""The same where the session broke off: whoever is asked then may not answer any more."""
HOST_PAGE: Final = HostPage()
BROWSER_GONE: Final = "the browser was closed or killed"


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What is the same for every session of a run.

    ``film``: whether pictures are kept of what stood for a moment only.
    ``secrets`` are masked wherever they appear; ``headers`` are added to every request to a backend given by
    URL, and their values are secrets, too, where they can be: :meth:`Redactor.add_headers`.
    """

    motion: bool = False
    trace: bool = True
    secrets: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    film: bool = True


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who has a session carried out: is told of every entry as it is written and gets the closed journal.

    ``why`` says why the session was cancelled, if it was; ``patience`` is how long a page is waited for then.
    ``silence`` is told of a stream that may never end, in a tab that bears others beside it. ``by_hand``: a
    person goes on where the steps end; ``progressed`` is told of what has come, as it comes.
    ``by_program``: a program goes on where the steps end.
    """

    on_entry: Listener = lambda _t, _entry: None
    on_closed: Callable[[Journal], None] = lambda _: None
    why: Callable[[], str] = lambda: "the run was interrupted"
    patience: Patience = field(default_factory=Patience)
    silence: OnSilence | None = None
    by_hand: ByHand | None = None
    progressed: Callable[[SoFar], None] | None = None
    by_program: ByProgram | None = None


NOBODY: Final = Watcher()


async def record(
    named: NamedScenario,
    directory: Path,
    browser: OpenBrowser,
    host: Host,
    options: SessionOptions,
    *,
    target: Target = HOST_PAGE,
    watcher: Watcher = NOBODY,
) -> None:
    """Carry out the steps of one scenario on a page and write its recording to a folder.

    A run that breaks off (the browser dies, the task is cancelled) leaves a journal without a footer that
    says why. Never raises because of what the page, the backend or the browser does.
    """
    scenario = named.scenario
    own = scenario.backend.headers if isinstance(scenario.backend, UrlBackend | ReplayBackend) else {}
    redactor = Redactor(options.secrets)
    for headers in (options.headers, own):
        redactor.add_headers(headers)
    journal = Journal(directory, redactor, _header(named, target, browser, options))
    journal.listeners.append(watcher.on_entry)
    finished = False
    try:
        async with AsyncExitStack() as stack:
            # Entered first, so left last: cleaning the trace overlaps with closing the page.
            tracing = await stack.enter_async_context(
                _tracing(journal, watcher.patience, wanted=options.trace)
            )
            tab = await stack.enter_async_context(browser.tab(motion=options.motion))
            if isinstance(target, HostPage) and target.origin:
                await lend(tab.page, tab.cdp, target.origin, host.origin)
            with served(target, scenario, host, options.headers) as url:
                session = _Session(named, journal, tab, watcher, target, options)
                finished = await session.run(url, tracing)
    except PlaywrightError as error:
        reason = error.message.splitlines()[0] if error.message else type(error).__name__
        journal.add(SessionBrokeOff(reason=f"the browser failed: {reason}"))
        finished = False
    except asyncio.CancelledError:
        journal.add(SessionBrokeOff(reason=watcher.why()))
        raise
    finally:
        try:
            # Masking a long recording takes its time, and other sessions have none to spare.
            await asyncio.shield(asyncio.to_thread(journal.close, finished=finished))
        finally:
            watcher.on_closed(journal)


Tracing = Callable[[Tab, str], AbstractAsyncContextManager[None]]
"""Traces what is done within it; the argument after the tab is the trace's title."""


class _Session:
    def __init__(
        self,
        named: NamedScenario,
        journal: Journal,
        tab: Tab,
        watcher: Watcher,
        target: Target,
        options: SessionOptions,
    ) -> None:
        self._motion = options.motion
        self._target = target
        self._watcher = watcher
        self._patience = watcher.patience
        self._named = named
        self._tab = tab
        state = SessionState(journal.clock)
        self._observed = ObservedPage(tab.page, tab.context, journal, state, tab.cdp, CDN_ORIGIN)
        self._gatherers = Gatherers.make(tab.channel, has_devtools=tab.cdp is not None, film=options.film)
        journal.listeners.append(state.on_entry)
        tab.page.on("crash", lambda _: state.broke_off("the page crashed"))
        tab.page.on("close", lambda _: self._closed(state))

    def _closed(self, state: SessionState) -> None:
        """A page that is closed is gone in the middle, unless that is how the user at it has ended."""
        by_hand = self._watcher.by_hand
        if by_hand is None:
            state.broke_off("the page was closed")
        else:
            by_hand.through.set()
            state.wake()

    @asynccontextmanager
    async def _meanwhile(self) -> AsyncIterator[None]:
        """Does what goes on beside the steps within the context."""
        tasks = [asyncio.ensure_future(each) for each in self._beside()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _beside(self) -> Iterator[Coroutine[Any, Any, None]]:
        observed, watcher = self._observed, self._watcher
        yield slow_storms(observed)
        # A tab that others are beside of may be hidden by one more: it would paint no longer.
        if watcher.silence is not None and self._wire is not None and self._tab.is_alone:
            yield tell_of_silence(observed.state, watcher.silence, self._received)
        if watcher.progressed is not None:
            yield tell_of_progress(observed, self._received, watcher.progressed)
        if watcher.by_hand is not None:
            yield watcher.by_hand.wakes(observed.state)

    @property
    def _wire(self) -> WireGatherer | None:
        return next((each for each in self._gatherers.all if isinstance(each, WireGatherer)), None)

    def _received(self) -> SoFar:
        journal, wire = self._observed.journal, self._wire
        return partial(so_far, journal, journal.received(), () if wire is None else wire.open_bodies())

    async def run(self, url: str, tracing: Tracing) -> bool:
        """All steps; True when the session ended, whatever it showed."""
        observed = self._observed
        try:
            await prepared(self._target, observed.page, observed.journal.redactor)
        except BrokeOff as outcome:
            observed.journal.add(SessionBrokeOff(reason=str(outcome)))
            return False
        for gatherer in self._gatherers.all:
            await gatherer.attach(observed)
        network = await network_process(observed.context.browser)
        broke_off, limit_s = None, FINISH_LIMIT_S
        try:
            with _told_of_its_end(observed):
                async with tracing(self._tab, self._named.name), self._meanwhile():
                    await self._steps(url)
        except BrokeOff as outcome:
            broke_off, limit_s = str(outcome), HURRIED_S
        except asyncio.CancelledError:
            limit_s = HURRIED_S
            raise
        finally:
            await self._finish(self._gatherers.all, limit_s)
        by_hand = self._watcher.by_hand
        if by_hand is not None and by_hand.through.is_set():
            # Whoever closes the page, and the browser with it, has ended.
            observed.journal.add(SessionEnded(state=observed.state.view))
            return True
        broke_off = broke_off or observed.state.broken
        broke_off = broke_off or await lost_since(observed.context.browser, network)
        if broke_off is None:
            observed.journal.add(SessionEnded(state=observed.state.view))
            return True
        browser = observed.context.browser
        if browser is not None and not browser.is_connected():
            # Its page is reported as closed first; that is the lesser half of the truth.
            broke_off = BROWSER_GONE
        lost = broke_off == NETWORK_DIED
        observed.journal.add(SessionBrokeOff(reason=broke_off, network_lost=lost))
        return False

    async def _steps(self, url: str) -> None:
        watching = self._gatherers
        limits = self._named.scenario.limits
        driver = Driver(
            self._observed,
            limits,
            watching.document,
            watching.paint,
            motion=self._motion,
            own_page=self._target if isinstance(self._target, Address) else None,
            by_hand=(by_hand := self._watcher.by_hand),
        )
        if by_hand is not None and by_hand.beside:
            await open_beside(self._observed, by_hand.beside)
        ready = await driver.open(url)
        for step in self._named.scenario.steps if ready else ():
            if not await driver.step(step):
                break
        if by_hand is not None:
            await driver.watch()
        if (by_program := self._watcher.by_program) is not None:
            await by_program.carry_out(self._observed.state, driver.step, self._received, ready=ready)
        if not self._observed.page.is_closed():
            await driver.look_at_the_end()

    async def _finish(self, gatherers: Iterable[Gatherer], limit_s: float) -> None:
        deadline = time.monotonic() + limit_s
        for gatherer in gatherers:
            try:
                async with self._patience.until(deadline):
                    await gatherer.finish(self._observed)
            except (PlaywrightError, TimeoutError) as error:
                name = f"finish {type(gatherer).__name__}"
                self._observed.journal.add(SessionLimit(name=name, limit_ms=limit_s * 1000, error=str(error)))


@contextmanager
def _told_of_its_end(observed: ObservedPage) -> Iterator[None]:
    """Breaks the session off when its browser is closed or killed."""
    browser = observed.context.browser

    def gone(_browser: Browser) -> None:
        observed.state.broke_off(BROWSER_GONE)

    if browser is None:
        yield
        return
    browser.on("disconnected", gone)
    try:
        yield
    finally:
        # The browser outlives the session: what listens to it would pile up.
        browser.remove_listener("disconnected", gone)


@asynccontextmanager
async def _tracing(journal: Journal, patience: Patience, *, wanted: bool) -> AsyncIterator[Tracing]:
    """Gives a context manager to trace with; on leaving, waits until the cleaned trace is in its place."""
    keeping: list[asyncio.Task[None]] = []

    async def keep(tab: Tab) -> None:
        try:
            async with patience.until(time.monotonic() + TRACE_LIMIT_S):
                raw = await trace.end(tab.context)
        except TimeoutError:
            return  # The browser does not answer any more.
        finally:
            tab.tracing.release()
        if raw is not None:
            target = journal.directory / trace.FILE_NAME
            await asyncio.to_thread(journal.learn)
            await asyncio.to_thread(
                trace.scrub, raw, target, journal.redactor, CDN_ORIGIN, lambda: patience.is_over
            )

    @asynccontextmanager
    async def tracing(tab: Tab, title: str) -> AsyncIterator[None]:
        if not (wanted and tab.is_alone):
            yield
            return
        await tab.tracing.acquire()
        try:
            await trace.begin(tab.context, title)
        except BaseException:
            tab.tracing.release()
            raise
        try:
            yield
        finally:
            keeping.append(asyncio.ensure_future(keep(tab)))

    try:
        yield tracing
    finally:
        await asyncio.gather(*keeping)


def _header(named: NamedScenario, target: Target, browser: OpenBrowser, options: SessionOptions) -> Header:
    scenario = named.scenario
    # A user's own page has options and a backend of its own.
    own = isinstance(target, Address)
    loaded = scenario.model_dump(
        mode="json", exclude={"backend", "page"} if own else {"backend": {"headers"}}
    )
    return Header(
        tool=__version__,
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        name=named.name,
        title=scenario.title,
        expect=loaded.get("expect"),
        scenario=loaded,
        runtime=browser.server.runtime.info(),
        browser=browser.info(motion=options.motion),
        target=_described(target, named),
    )


def _described(target: Target, named: NamedScenario) -> TargetInfo:
    """What is examined: someone's page, someone's backend, or nothing but the scenario."""
    if isinstance(target, Address):
        return TargetInfo(kind="page", url=target.url, name=named.name)
    backend = named.scenario.backend
    if isinstance(backend, UrlBackend):
        notes = (target.note,) if target.note else ()
        return TargetInfo(kind="backend", url=backend.url, name=named.name, notes=notes)
    return TargetInfo(kind="scenario", name=named.name)
