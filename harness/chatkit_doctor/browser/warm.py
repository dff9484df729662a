"""Browsers with profiles of their own that are kept between sessions.

A profile keeps the component's 4 MB bundle and what the engine compiled of it, which is most of the start-up
time. Chromium keeps compiled code for profiles on disk only, not for the contexts of Playwright; it saves
0.3 s a session. A profile holds one session at a time, and what the session stored is removed after it;
sessions side by side have a browser and a profile each.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import BrowserContext, BrowserType, Page, Playwright
from playwright.async_api import Error as PlaywrightError
from psutil import Process

from chatkit_doctor.browser.choose import BrowserChoice
from chatkit_doctor.browser.compiled_modules import KEEP_MODULES
from chatkit_doctor.browser.contexts import (
    CONTEXT_OPTIONS,
    LAUNCH_LIMIT_MS,
    MICROPHONE,
    closed,
    not_started,
    open_tab,
    playwright_driver,
)
from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.browser.processes import end, processes_of
from chatkit_doctor.browser.provider import GetServer, Tab
from chatkit_doctor.browser.sandbox import with_sandbox
from chatkit_doctor.gather import trace
from chatkit_doctor.gather.probes import ProbeChannel
from chatkit_doctor.recording.header import BrowserInfo
from chatkit_doctor.temporary import owned_folder, remove_orphans

if TYPE_CHECKING:
    from chatkit_doctor.runtime.server import RuntimeServer


@dataclass(frozen=True, slots=True)
class WarmProfile:
    """Provides browsers with warm profiles.

    ``tee`` watches the wire from inside the page: where there is no DevTools protocol (the default), or to
    test that way. Without ``observed`` there are no probes: to measure what watching costs and changes.
    """

    choice: BrowserChoice
    tee: bool | None = None
    observed: bool = True

    @contextlib.asynccontextmanager
    async def open(self, server: GetServer, patience: Patience | None = None) -> AsyncIterator[WarmBrowsers]:
        """The first browser at once, each further one when it is needed."""
        patience = patience or Patience()
        await asyncio.to_thread(remove_orphans)
        drivers: list[Process] = []
        try:
            async with playwright_driver(patience) as playwright:
                browsers = WarmBrowsers(self, await server(), playwright, drivers, patience)
                try:
                    await browsers.start()
                    yield browsers
                finally:
                    await browsers.close()
        finally:
            await asyncio.to_thread(end, drivers)


@dataclass(slots=True, eq=False)
class _Profile:
    """One browser with its profile and its probes."""

    folder: Path
    context: BrowserContext
    channel: ProbeChannel
    tracing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by the session whose trace is being made, which may still be written when its page is closed."""
    spare: asyncio.Task[Page] | None = None
    """The next session's page, made while this one's is judged; it saves that session 0.1 s."""

    @property
    def is_connected(self) -> bool:
        browser = self.context.browser
        return browser is not None and browser.is_connected()


@dataclass(slots=True)
class WarmBrowsers:
    """As many browsers as sessions have been open at once, each with a warm profile."""

    provider: WarmProfile
    server: RuntimeServer
    playwright: Playwright
    drivers: list[Process]
    """Gets what has started the browsers, once they are closed: to be ended if it does not end by itself."""
    patience: Patience
    _version: str = ""
    _has_sandbox: bool | None = None
    """Whether it could be had; None: nothing has been launched yet."""
    _all: list[_Profile] = field(default_factory=list)
    _idle: list[_Profile] = field(default_factory=list)
    _folders: ExitStack = field(default_factory=ExitStack)

    async def start(self) -> None:
        """Start the first browser. Raises BrowserError when it does not start."""
        try:
            self._idle.append(await self._launch())
        except PlaywrightError as error:
            raise not_started(error, self.provider.choice) from error

    async def close(self) -> None:
        """Close every browser, end what does not close, and remove the profiles."""
        await asyncio.gather(*(self._close(profile) for profile in self._all))
        await asyncio.to_thread(self._folders.close)

    async def _close(self, profile: _Profile) -> None:
        processes = await asyncio.to_thread(processes_of, profile.folder)
        self.drivers += processes.driver
        if profile.spare is None or await closed(profile.spare, self.patience):
            await closed(profile.context.close(), self.patience)
        await asyncio.to_thread(end, processes.browser)

    async def _end(self, profile: _Profile) -> None:
        """End a browser that does not answer; the next session has another."""
        self._all.remove(profile)
        processes = await asyncio.to_thread(processes_of, profile.folder)
        self.drivers += processes.driver
        await asyncio.to_thread(end, processes.browser)

    @property
    def is_connected(self) -> bool:
        """Whether all that have been started are still there."""
        return all(profile.is_connected for profile in self._all)

    def info(self, *, motion: bool) -> BrowserInfo:
        """What a report says of the browser, and of a session with or without animations in it."""
        choice = self.provider.choice
        sandbox = self._has_sandbox if choice.kind == "chromium" else None
        return BrowserInfo(choice.kind, self._version, not choice.headed, motion, sandbox)

    @contextlib.asynccontextmanager
    async def tab(self, *, motion: bool = False) -> AsyncIterator[Tab]:
        """A fresh page in a profile that no other session has; what it stored is removed afterwards."""
        profile = self._idle.pop() if self._idle else await self._launch()
        spare, profile.spare = profile.spare, None
        page = await (spare or profile.context.new_page())
        try:
            tab = await open_tab(page, profile.channel, motion=motion, has_devtools=self._has_devtools)
            yield replace(tab, tracing=profile.tracing)
        finally:
            # A page that crashed or never left about:blank has nothing to forget, and is closed anyway.
            # A browser that does not answer any more is used no more.
            patience = self.patience
            if await closed(_forget(profile.context, page), patience) and await closed(
                page.close(), patience
            ):
                if profile.is_connected:
                    profile.spare = asyncio.ensure_future(profile.context.new_page())
                self._idle.append(profile)
            else:
                await self._end(profile)

    @property
    def _tee(self) -> bool:
        provider = self.provider
        return provider.choice.kind != "chromium" if provider.tee is None else provider.tee

    @property
    def _has_devtools(self) -> bool:
        return self.provider.choice.kind == "chromium" and not self._tee

    async def _launch(self) -> _Profile:
        choice = self.provider.choice
        folder = self._folders.enter_context(owned_folder("profile"))
        traces = self._folders.enter_context(trace.raw_folder())
        launcher: BrowserType = getattr(self.playwright, choice.kind)
        is_chromium = choice.kind == "chromium"

        async def launch(sandbox: bool) -> BrowserContext:
            return await launcher.launch_persistent_context(
                folder,
                executable_path=choice.executable,
                headless=not choice.headed,
                args=[*self.server.launch_args, KEEP_MODULES, *MICROPHONE] if is_chromium else [],
                chromium_sandbox=sandbox if is_chromium else None,
                timeout=LAUNCH_LIMIT_MS,
                traces_dir=traces,
                # Ctrl-C is ours to handle: the recording is closed first.
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                **CONTEXT_OPTIONS,
            )

        context, self._has_sandbox = await with_sandbox(launch, tried=self._has_sandbox)
        self._version = context.browser.version if context.browser else ""
        profile = _Profile(folder, context, ProbeChannel())
        self._all.append(profile)
        if self.provider.observed:
            await profile.channel.install(context, tee=self._tee)
        if not is_chromium:
            await self.server.route(context)
        return profile


async def _forget(context: BrowserContext, page: Page) -> None:
    """Empty what the page stored; its HTTP cache stays, which is the point of a warm profile."""
    forget = "() => { localStorage.clear(); sessionStorage.clear(); }"
    await asyncio.gather(page.evaluate(forget), context.clear_cookies())
