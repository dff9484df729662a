"""A browser that runs already, somewhere else: a Playwright server, or one with remote debugging."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserType, Playwright, ProxySettings
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.browser.contexts import closed, first_line, open_tab, playwright_driver
from chatkit_doctor.browser.fresh import ContextBrowser
from chatkit_doctor.browser.origin_headers import add_headers
from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.browser.provider import GetServer, OpenBrowser, Tab
from chatkit_doctor.browser.stand_in_proxy import StandInProxy
from chatkit_doctor.browser.visitor import ContextOptions, Visitor
from chatkit_doctor.errors import BrowserError, UsageError
from chatkit_doctor.gather.probes import ProbeChannel
from chatkit_doctor.recording.header import BrowserInfo

if TYPE_CHECKING:
    from chatkit_doctor.runtime.server import RuntimeServer

CONNECT_LIMIT_MS: Final = 30_000


@dataclass(frozen=True, slots=True)
class RemoteBrowser:
    """Provides a browser that listens at an address.

    ``http://host:port`` is that of a Chromium with remote debugging, ``ws://…`` that of a Playwright server
    for browsers of a ``kind``. Each session has a context of its own; the browser goes on when all are over.

    The browser was started without the arguments that lead it to what stands in on this machine. Where no
    page or backend of a person's own is driven, the contexts of a Chromium have a proxy that does so, and
    leads to no other host. Elsewhere a snapshot or the reference component is served by routing, and nothing
    keeps the browser from contacting other hosts. It has to reach ``localhost`` of this machine.

    A ``visitor`` of a user's own page has, in a Chromium with remote debugging, a tab beside the user's
    own, in which they are logged in as there; no other tab is touched, or traced.
    """

    endpoint: str
    kind: str = "chromium"
    visitor: Visitor | None = None
    slow_mo_ms: float = 0

    @contextlib.asynccontextmanager
    async def open(self, server: GetServer, patience: Patience | None = None) -> AsyncIterator[OpenBrowser]:
        """Connect to the browser.

        Raises UsageError for what is no such address, BrowserError when no browser answers there.
        """
        patience = patience or Patience()
        async with playwright_driver(patience) as playwright:
            try:
                browser = await self._connect(playwright)
            except PlaywrightError as error:
                raise BrowserError(
                    f"no browser responds: {first_line(error)}",
                    where=self.endpoint,
                    hint="Is a browser listening there?",
                ) from error
            visitor, served = self.visitor, await server()
            try:
                headless = await _is_headless(browser)
                if visitor is not None and self._is_shared:
                    yield SharedBrowser(served, browser, patience, visitor, headless=headless)
                else:
                    own = visitor.context_options(playwright) if visitor is not None else ContextOptions()
                    async with _led(served, browser) as proxy:
                        yield ContextBrowser(
                            served,
                            browser,
                            patience,
                            headless=headless,
                            routes=proxy is None,
                            visitor=visitor,
                            own_options=own,
                            proxy=proxy,
                        )
            finally:
                # This ends the connection, and not the browser.
                await closed(browser.close(), patience)

    @property
    def _is_shared(self) -> bool:
        """Whether someone has tabs of their own there."""
        return urlsplit(self.endpoint).scheme in {"http", "https"}

    async def _connect(self, playwright: Playwright) -> Browser:
        scheme = urlsplit(self.endpoint).scheme
        if self._is_shared:
            if self.visitor is not None:
                _require_none_of_its_own(self.visitor)
            return await playwright.chromium.connect_over_cdp(
                self.endpoint, timeout=CONNECT_LIMIT_MS, slow_mo=self.slow_mo_ms
            )
        if scheme in {"ws", "wss"}:
            engine: BrowserType = getattr(playwright, self.kind)
            return await engine.connect(self.endpoint, timeout=CONNECT_LIMIT_MS, slow_mo=self.slow_mo_ms)
        raise UsageError(
            "this is not the address of a browser",
            where=self.endpoint,
            hint="Use http://HOST:PORT for remote debugging, or ws://HOST:PORT for a Playwright server.",
        )


@dataclass(frozen=True, slots=True)
class SharedBrowser:
    """A user's own browser, in which each session has a tab beside those that are there."""

    server: RuntimeServer
    browser: Browser
    patience: Patience
    visitor: Visitor
    headless: bool

    @property
    def is_connected(self) -> bool:
        """Whether the browser is still there."""
        return self.browser.is_connected()

    def info(self, *, motion: bool) -> BrowserInfo:
        """What a report says of the browser, and of a session with or without animations in it."""
        return BrowserInfo(self.browser.browser_type.name, self.browser.version, self.headless, motion)

    @contextlib.asynccontextmanager
    async def tab(self, *, motion: bool = False) -> AsyncIterator[Tab]:
        """A tab of its own, closed afterwards. What is set for it, no other tab has."""
        contexts = self.browser.contexts
        context = contexts[0] if contexts else await self.browser.new_context()
        page = await context.new_page()
        try:
            channel = ProbeChannel()
            await channel.install(page, tee=False)
            await self.server.route(page)
            if not motion:
                await page.emulate_media(reduced_motion="reduce")
            if self.visitor.viewport is not None:
                width, height = self.visitor.viewport
                await page.set_viewport_size({"width": width, "height": height})
            tab = await open_tab(page, channel, motion=motion, has_devtools=True)
            if tab.cdp is not None:
                await add_headers(tab.cdp, self.visitor.headers)
            yield replace(tab, is_alone=False)
        finally:
            await closed(page.close(), self.patience)


def _require_none_of_its_own(visitor: Visitor) -> None:
    """Raises UsageError for what would change the user's own browser, or cannot be set in it."""
    asked = {
        "--device": visitor.device,
        "--ignore-https-errors": visitor.ignore_https_errors,
        "--storage-state": visitor.storage_state,
        "--cookie": visitor.cookies,
        "--http-credentials": visitor.credentials,
    }
    if given := [name for name, value in asked.items() if value]:
        raise UsageError(
            f"{given[0]} cannot be set in a browser that is already running",
            where="--connect",
            hint="The page opens with that browser's own profile: log in there.",
        )


@contextlib.asynccontextmanager
async def _led(served: RuntimeServer, browser: Browser) -> AsyncIterator[ProxySettings | None]:
    """A proxy that leads to the stand-ins; None where pages have to reach the network as ever.

    Only Chromium's contexts can be told what is not to be asked of it.
    """
    if not served.hermetic or browser.browser_type.name != "chromium":
        yield None
        return
    async with StandInProxy(served) as proxy:
        yield proxy.settings


async def _is_headless(browser: Browser) -> bool:
    """Whether the browser has no windows; one that cannot say is taken for what servers usually run."""
    if browser.browser_type.name != "chromium":
        return True
    cdp = await browser.new_browser_cdp_session()
    version = await cdp.send("Browser.getVersion")
    await cdp.detach()
    return "Headless" in str(version.get("userAgent"))
