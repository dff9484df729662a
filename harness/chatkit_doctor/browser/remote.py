"""A browser that runs already, somewhere else: a Playwright server, or one with remote debugging."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserType, Playwright
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.browser.contexts import closed, first_line, playwright_driver
from chatkit_doctor.browser.fresh import ContextBrowser
from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.errors import BrowserError, UsageError
from chatkit_doctor.runtime.server import RuntimeServer

CONNECT_LIMIT_MS: Final = 30_000


@dataclass(frozen=True, slots=True)
class RemoteBrowser:
    """Provides a browser that listens at an address.

    ``http://host:port`` is that of a Chromium with remote debugging, ``ws://…`` that of a Playwright server
    for browsers of a ``kind``. Each session has a context of its own; the browser goes on when all are over.

    The browser was started without the arguments that lead it to a runtime of this machine: a snapshot or
    the reference component is served by routing, and nothing keeps the browser from contacting other hosts.
    It has to reach the pages on ``localhost`` of this machine.
    """

    endpoint: str
    kind: str = "chromium"

    @contextlib.asynccontextmanager
    async def open(
        self, server: RuntimeServer, patience: Patience | None = None
    ) -> AsyncIterator[ContextBrowser]:
        """Connect to the browser.

        Raises UsageError for what is no such address, BrowserError when no browser answers there.
        """
        patience = patience or Patience()
        async with playwright_driver(patience) as playwright:
            try:
                browser = await self._connect(playwright)
            except PlaywrightError as error:
                raise BrowserError(
                    f"no browser answers: {first_line(error)}",
                    where=self.endpoint,
                    hint="Is one listening there?",
                ) from error
            try:
                yield ContextBrowser(
                    server, browser, patience, headless=await _is_headless(browser), routes=True
                )
            finally:
                # This ends the connection, and not the browser.
                await closed(browser.close(), patience)

    async def _connect(self, playwright: Playwright) -> Browser:
        scheme = urlsplit(self.endpoint).scheme
        if scheme in {"http", "https"}:
            return await playwright.chromium.connect_over_cdp(self.endpoint, timeout=CONNECT_LIMIT_MS)
        if scheme in {"ws", "wss"}:
            engine: BrowserType = getattr(playwright, self.kind)
            return await engine.connect(self.endpoint, timeout=CONNECT_LIMIT_MS)
        raise UsageError(
            "this is no address of a browser",
            where=self.endpoint,
            hint="Use http://HOST:PORT for remote debugging, or ws://HOST:PORT for a Playwright server.",
        )


async def _is_headless(browser: Browser) -> bool:
    """Whether the browser has no windows; one that cannot say is taken for what servers usually run."""
    if browser.browser_type.name != "chromium":
        return True
    cdp = await browser.new_browser_cdp_session()
    version = await cdp.send("Browser.getVersion")
    await cdp.detach()
    return "Headless" in str(version.get("userAgent"))
