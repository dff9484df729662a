"""A browser in which every session has a context of its own, made for it and thrown away after it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserType
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.browser.choose import BrowserChoice
from chatkit_doctor.browser.contexts import (
    CONTEXT_OPTIONS,
    LAUNCH_LIMIT_MS,
    closed,
    not_started,
    open_tab,
    playwright_driver,
)
from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.browser.provider import Tab
from chatkit_doctor.browser.sandbox import with_sandbox
from chatkit_doctor.gather import trace
from chatkit_doctor.gather.probes import ProbeChannel
from chatkit_doctor.recording.header import BrowserInfo
from chatkit_doctor.runtime.server import RuntimeServer


@dataclass(frozen=True, slots=True)
class FreshContext:
    """Provides a browser of this machine whose sessions share nothing, not even a cache.

    Each session loads and compiles the component anew, as a first visitor's browser does: it takes twice the
    processor time of a warm profile.
    """

    choice: BrowserChoice

    @contextlib.asynccontextmanager
    async def open(
        self, server: RuntimeServer, patience: Patience | None = None
    ) -> AsyncIterator[ContextBrowser]:
        """Start the browser."""
        choice, patience = self.choice, patience or Patience()
        is_chromium = choice.kind == "chromium"
        async with playwright_driver(patience) as playwright, contextlib.AsyncExitStack() as stack:
            traces = stack.enter_context(trace.raw_folder())
            launcher: BrowserType = getattr(playwright, choice.kind)

            async def launch(sandbox: bool) -> Browser:
                return await launcher.launch(
                    executable_path=choice.executable,
                    headless=not choice.headed,
                    args=server.launch_args if is_chromium else [],
                    chromium_sandbox=sandbox if is_chromium else None,
                    timeout=LAUNCH_LIMIT_MS,
                    traces_dir=traces,
                    # Ctrl-C is ours to handle: the recording is closed first.
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )

            try:
                browser, sandbox = await with_sandbox(launch)
            except PlaywrightError as error:
                raise not_started(error, choice) from error
            try:
                yield ContextBrowser(
                    server,
                    browser,
                    patience,
                    headless=not choice.headed,
                    routes=not is_chromium,
                    sandbox=sandbox if is_chromium else None,
                )
            finally:
                await closed(browser.close(), patience)


@dataclass(frozen=True, slots=True)
class ContextBrowser:
    """A running browser that gives each session a context of its own.

    ``routes``: the component is served by routing, because the browser was not started with the arguments
    that lead it to the server.
    """

    server: RuntimeServer
    browser: Browser
    patience: Patience
    headless: bool
    routes: bool
    sandbox: bool | None = None

    @property
    def is_connected(self) -> bool:
        """Whether the browser is still there."""
        return self.browser.is_connected()

    def info(self, *, motion: bool) -> BrowserInfo:
        """What a report says of the browser, and of a session with or without animations in it."""
        name, version = self.browser.browser_type.name, self.browser.version
        return BrowserInfo(name, version, self.headless, motion, self.sandbox)

    @contextlib.asynccontextmanager
    async def tab(self, *, motion: bool = False) -> AsyncIterator[Tab]:
        """A page in a context of its own."""
        is_chromium = self.browser.browser_type.name == "chromium"
        channel = ProbeChannel()
        context = await self.browser.new_context(**CONTEXT_OPTIONS)
        try:
            await channel.install(context, tee=not is_chromium)
            if self.routes:
                await self.server.route(context)
            page = await context.new_page()
            yield await open_tab(page, channel, motion=motion, has_devtools=is_chromium)
        finally:
            await closed(context.close(), self.patience)
