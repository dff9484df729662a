"""The warm pool: one browser with a profile of its own, kept between sessions.

The profile keeps the component's 4 MB bundle and what the engine compiled of it, which is most of the
start-up time. Chromium keeps compiled code for profiles on disk only, not for the contexts of Playwright; it
saves 0.3 s a session. What a page stores is removed between sessions.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final

from playwright.async_api import (
    Browser,
    BrowserContext,
    BrowserType,
    CDPSession,
    Page,
    Playwright,
    async_playwright,
)
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.errors import BrowserError
from chatkit_doctor.gather.probes import ProbeChannel
from chatkit_doctor.gather.trace import Tracer
from chatkit_doctor.recording.header import BrowserInfo
from chatkit_doctor.runtime.server import RuntimeServer

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


@dataclass(slots=True)
class WarmContext:
    """The context of a profile with its probes installed."""

    context: BrowserContext
    channel: ProbeChannel = field(default_factory=ProbeChannel)
    spare: asyncio.Task[Page] | None = None
    """The next session's page, made while this one's is judged; it saves that session 0.1 s."""


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
        self._contexts: dict[bool, WarmContext] = {}
        self._profiles = ExitStack()
        self._playwright: Playwright | None = None

    async def __aenter__(self) -> BrowserPool:
        self._playwright = await async_playwright().start()
        try:
            await self._context(observed=True)
        except PlaywrightError as error:
            await self._close()
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
        await self._close()

    async def _close(self) -> None:
        for warm in self._contexts.values():
            if warm.spare is not None:
                with contextlib.suppress(PlaywrightError, TimeoutError):
                    async with asyncio.timeout(CLOSE_LIMIT_S):
                        await warm.spare
        closing: list[Callable[[], Awaitable[None]]] = [w.context.close for w in self._contexts.values()]
        closing += [self._playwright.stop] if self._playwright else []
        for close in closing:
            # A browser that was killed has nothing to close, and its driver may not answer any more.
            with contextlib.suppress(PlaywrightError, OSError, TimeoutError):
                async with asyncio.timeout(CLOSE_LIMIT_S):
                    await close()
        self._profiles.close()

    @property
    def browser(self) -> Browser:
        """The running browser."""
        warm = self._contexts.get(True)
        if warm is None or warm.context.browser is None:
            raise RuntimeError("the pool is not open")
        return warm.context.browser

    def info(self, *, motion: bool) -> BrowserInfo:
        """What a report says of the browser, and of a session with or without animations in it."""
        return BrowserInfo(
            name=self.choice.kind,
            version=self.browser.version,
            headless=not self.choice.headed,
            motion=motion,
        )

    @contextlib.asynccontextmanager
    async def page(
        self, *, observed: bool = True, motion: bool = False
    ) -> AsyncIterator[tuple[WarmContext, Page, CDPSession | None]]:
        """A fresh page in the warm context; closed, and what it stored removed, afterwards.

        With ``motion`` animations run. One that is not ``observed`` has no probes and a browser of its own:
        for measuring what capturing costs and changes.
        """
        warm = await self._context(observed=observed)
        spare, warm.spare = warm.spare, None
        page = await (spare or warm.context.new_page())
        if motion:
            await page.emulate_media(reduced_motion="no-preference")
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
                warm.spare = asyncio.ensure_future(warm.context.new_page())

    async def _context(self, *, observed: bool) -> WarmContext:
        warm = self._contexts.get(observed)
        if warm is None:
            context = await self._launch()
            warm = self._contexts[observed] = WarmContext(context)
            if observed:
                await warm.channel.install(context, tee=self.tee)
            if self.choice.kind != "chromium":
                await self.server.route(context)
        return warm

    async def _launch(self) -> BrowserContext:
        if self._playwright is None:
            raise RuntimeError("the pool is not open")
        # A browser that is still closing may write into its profile while it is being removed.
        profile = tempfile.TemporaryDirectory(prefix="chatkit-doctor-profile-", ignore_cleanup_errors=True)
        launcher: BrowserType = getattr(self._playwright, self.choice.kind)
        return await launcher.launch_persistent_context(
            self._profiles.enter_context(profile),
            executable_path=self.choice.executable,
            headless=not self.choice.headed,
            args=self.server.launch_args if self.choice.kind == "chromium" else [],
            timeout=LAUNCH_LIMIT_MS,
            viewport={"width": VIEWPORT["width"], "height": VIEWPORT["height"]},
            reduced_motion="reduce",
            # The component's own words (crash fallback, greeting) are recognised in English.
            locale="en-US",
            # Ctrl-C is ours to handle: the recording is closed first.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )


async def _forget(context: BrowserContext, page: Page) -> None:
    """Empty what the page stored; its HTTP cache stays, which is the point of a warm context."""
    forget = "() => { localStorage.clear(); sessionStorage.clear(); }"
    await asyncio.gather(page.evaluate(forget), context.clear_cookies())
