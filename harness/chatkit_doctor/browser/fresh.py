"""A browser in which every session has a context of its own, made for it and thrown away after it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.async_api import Browser, BrowserType, ProxySettings
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.browser.choose import BrowserChoice, choose_browser
from chatkit_doctor.browser.contexts import (
    CONTEXT_OPTIONS,
    LAUNCH_LIMIT_MS,
    closed,
    not_started,
    open_tab,
    playwright_driver,
)
from chatkit_doctor.browser.origin_headers import add_headers
from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.browser.provider import GetServer, Tab
from chatkit_doctor.browser.sandbox import with_sandbox
from chatkit_doctor.browser.visitor import ContextOptions, Visitor
from chatkit_doctor.errors import UsageError
from chatkit_doctor.gather import trace
from chatkit_doctor.gather.probes import ProbeChannel
from chatkit_doctor.recording.header import BrowserInfo

if TYPE_CHECKING:
    from chatkit_doctor.runtime.server import RuntimeServer


@dataclass(frozen=True, slots=True)
class FreshContext:
    """Provides a browser of this machine whose sessions share nothing, not even a cache.

    Each session loads and compiles the component anew, as a first visitor's browser does: it takes twice the
    processor time of a warm profile. ``visitor`` is who comes to a user's own page; ``slow_mo_ms`` is
    waited after each action, so that a user can follow. ``fills_window``: a page is as large as its window,
    whatever a user makes of it, unless its visitor asks for a size.
    """

    choice: BrowserChoice
    visitor: Visitor | None = None
    slow_mo_ms: float = 0
    fills_window: bool = False

    @contextlib.asynccontextmanager
    async def open(
        self, server: GetServer, patience: Patience | None = None
    ) -> AsyncIterator[ContextBrowser]:
        """Start the browser."""
        choice, patience = self.choice, patience or Patience()
        is_chromium = choice.kind == "chromium"
        async with playwright_driver(patience) as playwright, contextlib.AsyncExitStack() as stack:
            traces = stack.enter_context(trace.raw_folder())
            launcher: BrowserType = getattr(playwright, choice.kind)
            # Before a browser is started: what is requested may not exist.
            own = self.visitor.context_options(playwright) if self.visitor is not None else {}

            served = await server()

            async def launch(sandbox: bool) -> Browser:
                return await launcher.launch(
                    executable_path=choice.executable,
                    headless=not choice.headed,
                    args=served.launch_args if is_chromium else [],
                    chromium_sandbox=sandbox if is_chromium else None,
                    timeout=LAUNCH_LIMIT_MS,
                    slow_mo=self.slow_mo_ms,
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
                    served,
                    browser,
                    patience,
                    headless=not choice.headed,
                    routes=not is_chromium,
                    sandbox=sandbox if is_chromium else None,
                    visitor=self.visitor,
                    own_options=own,
                    fills_window=self.fills_window and not (self.visitor and self.visitor.has_size),
                )
            finally:
                await closed(browser.close(), patience)


def fresh_context(visitor: Visitor) -> FreshContext:
    """The first browser found on this machine, for one visitor. Raises BrowserError when there is none."""
    return FreshContext(choose_browser(), visitor)


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
    visitor: Visitor | None = None
    own_options: ContextOptions = field(default_factory=ContextOptions)
    """What the visitor's contexts are set to beyond what all are."""
    fills_window: bool = False
    """Whether a page is as large as its window."""
    proxy: ProxySettings | None = None
    """What leads each context to the stand-ins, whose certificates nobody knows."""

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
        options: dict[str, Any] = {**CONTEXT_OPTIONS, **self.own_options}
        if self.fills_window:
            del options["viewport"]
            options["no_viewport"] = True
        if self.proxy is not None:
            options |= {"proxy": self.proxy, "ignore_https_errors": True}
        context = await self.browser.new_context(**options)
        try:
            await channel.install(context, tee=not is_chromium)
            if self.routes:
                await self.server.route(context)
            page = await context.new_page()
            tab = await open_tab(page, channel, motion=motion, has_devtools=is_chromium)
            await _let_in(self.visitor, tab)
            yield tab
        finally:
            await closed(context.close(), self.patience)


async def _let_in(visitor: Visitor | None, tab: Tab) -> None:
    """Give a tab what its visitor is known by."""
    if visitor is None:
        return
    if visitor.cookies:
        await tab.context.add_cookies(
            [{"name": each.name, "value": each.value, "url": each.url} for each in visitor.cookies]
        )
    if visitor.headers:
        if tab.cdp is None:
            raise UsageError(
                "only Chromium can add a header to requests to selected origins", where="--header"
            )
        await add_headers(tab.cdp, visitor.headers)
