"""The warm pool: one browser, and one context for each kind of session, kept between sessions.

A warm context keeps the component's 4 MB bundle in its HTTP cache, which is most of the start-up time. What a
page stores is removed between sessions.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from harness.errors import BrowserError
from harness.gather.probes import ProbeChannel
from harness.gather.trace import Tracer
from harness.runtime.server import RuntimeServer

LAUNCH_LIMIT_MS: Final = 30_000
CLOSE_LIMIT_S: Final = 5.0
VIEWPORT: Final = {"width": 480, "height": 680}
"""In CSS pixels: the host page's chat, and a little around it."""


@dataclass(frozen=True, slots=True)
class BrowserChoice:
    """Which browser to start: ``kind`` as Playwright names it; without an ``executable``, its own build."""

    kind: str = "chromium"
    executable: str | None = None
    headed: bool = False


@dataclass(frozen=True, slots=True)
class ContextKind:
    """What two sessions must have in common to share a context."""

    motion: bool = False
    observed: bool = True
    """Without probes nothing is captured: for measuring what capturing costs and changes."""


@dataclass(slots=True)
class WarmContext:
    """A context with its probes installed."""

    context: BrowserContext
    channel: ProbeChannel = field(default_factory=ProbeChannel)


class BrowserPool:
    """Starts the browser once and hands out pages. Use as an async context manager.

    Raises BrowserError when the browser does not start.
    """

    def __init__(self, choice: BrowserChoice, server: RuntimeServer, *, tee: bool | None = None) -> None:
        self.choice = choice
        self.server = server
        self.tracer = Tracer()
        self.tee = choice.kind != "chromium" if tee is None else tee
        """Watch the wire from inside the page: where there is no DevTools protocol, or to test that way."""
        self._contexts: dict[ContextKind, WarmContext] = {}
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def __aenter__(self) -> BrowserPool:
        self._playwright = await async_playwright().start()
        try:
            self._browser = await self._launch(self._playwright)
        except PlaywrightError as error:
            await self._playwright.stop()
            first = next((line for line in error.message.splitlines() if line.strip()), "no reason given")
            raise BrowserError(
                f"the browser did not start: {first}",
                where=self.choice.executable or self.choice.kind,
                hint="Choose another with --browser-channel or --executable.",
            ) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for close in (self._browser and self._browser.close, self._playwright and self._playwright.stop):
            if close:
                # A browser that was killed has nothing to close, and its driver may not answer any more.
                with contextlib.suppress(PlaywrightError, OSError, TimeoutError):
                    async with asyncio.timeout(CLOSE_LIMIT_S):
                        await close()

    @property
    def browser(self) -> Browser:
        """The running browser."""
        if self._browser is None:
            raise RuntimeError("the pool is not open")
        return self._browser

    def info(self) -> dict[str, Any]:
        """What a report says of the browser."""
        return {"name": self.choice.kind, "version": self.browser.version, "headless": not self.choice.headed}

    @contextlib.asynccontextmanager
    async def page(self, kind: ContextKind) -> AsyncIterator[tuple[WarmContext, Page, CDPSession | None]]:
        """A fresh page in the warm context of this kind; closed, and its storage emptied, afterwards."""
        warm = await self._context(kind)
        page = await warm.context.new_page()
        has_devtools = self.choice.kind == "chromium" and not self.tee
        cdp = await warm.context.new_cdp_session(page) if has_devtools else None
        try:
            yield warm, page, cdp
        finally:
            # A page that crashed or never left about:blank has nothing to forget, and is closed all the same.
            with contextlib.suppress(PlaywrightError):
                await _forget(warm.context, page)
            with contextlib.suppress(PlaywrightError):
                await page.close()

    async def _context(self, kind: ContextKind) -> WarmContext:
        warm = self._contexts.get(kind)
        if warm is None:
            context = await self.browser.new_context(
                viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]},
                reduced_motion="no-preference" if kind.motion else "reduce",
                # The component's own words (crash fallback, greeting) are recognised in English.
                locale="en-US",
            )
            warm = self._contexts[kind] = WarmContext(context)
            if kind.observed:
                await warm.channel.install(context, tee=self.tee)
            if self.choice.kind != "chromium":
                await self.server.route(context)
        return warm

    async def _launch(self, playwright: Playwright) -> Browser:
        kinds = {"chromium": playwright.chromium, "firefox": playwright.firefox, "webkit": playwright.webkit}
        chromium = self.choice.kind == "chromium"
        return await kinds[self.choice.kind].launch(
            executable_path=self.choice.executable,
            headless=not self.choice.headed,
            args=self.server.launch_args if chromium else [],
            timeout=LAUNCH_LIMIT_MS,
            # Ctrl-C is ours to handle: the recording is closed first.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )


async def _forget(context: BrowserContext, page: Page) -> None:
    """Empty what the page stored; its HTTP cache stays, which is the point of a warm context."""
    await page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    await context.clear_cookies()
