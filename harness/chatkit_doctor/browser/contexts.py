"""What every browser context is set to, however its browser was had."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable
from typing import Final, Literal, TypedDict

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Playwright, ViewportSize, async_playwright

from chatkit_doctor.browser.choose import BrowserChoice
from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.browser.provider import Tab
from chatkit_doctor.errors import BrowserError
from chatkit_doctor.gather.probes import ProbeChannel

LAUNCH_LIMIT_MS: Final = 30_000
CLOSE_LIMIT_S: Final = 3.0
"""How long a browser, a page or the driver may take to close. It takes some 0.1 s."""


MICROPHONE: Final = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
"""Chromium's own microphone that beeps, and nobody who has to be asked for it."""


class _ContextOptions(TypedDict):
    viewport: ViewportSize
    reduced_motion: Literal["reduce"]
    locale: str


CONTEXT_OPTIONS: Final[_ContextOptions] = {
    # In CSS pixels: the host page's chat, and a little around it.
    "viewport": {"width": 480, "height": 680},
    "reduced_motion": "reduce",
    # The component's own words (crash fallback, greeting) are recognised in English.
    "locale": "en-US",
}


@contextlib.asynccontextmanager
async def playwright_driver(patience: Patience) -> AsyncIterator[Playwright]:
    """Playwright's own process, which talks to browsers."""
    playwright = await async_playwright().start()
    try:
        yield playwright
    finally:
        await closed(playwright.stop(), patience)


async def open_tab(page: Page, channel: ProbeChannel, *, motion: bool, has_devtools: bool) -> Tab:
    """A page made ready for a session."""
    if motion:
        await page.emulate_media(reduced_motion="no-preference")
    cdp = await page.context.new_cdp_session(page) if has_devtools else None
    return Tab(page, page.context, cdp, channel)


async def closed(closing: Awaitable[object], patience: Patience) -> bool:
    """Wait until something is closed, for a while; False when it does not answer any more.

    What was gone before is closed.
    """
    try:
        async with patience.until(time.monotonic() + CLOSE_LIMIT_S):
            await closing
    except TimeoutError:
        return False
    except (PlaywrightError, OSError):
        return True
    return True


def first_line(error: PlaywrightError) -> str:
    """What went wrong, without Playwright's log of it."""
    return next((line for line in error.message.splitlines() if line.strip()), "no reason given")


def not_started(error: PlaywrightError, choice: BrowserChoice) -> BrowserError:
    """The error that a user is shown when a browser of this machine is not available."""
    return BrowserError(
        f"the browser did not start: {first_line(error)}",
        where=choice.executable or choice.kind,
        hint="Choose another browser with --browser-channel or --executable.",
    )
