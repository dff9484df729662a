"""The process in which Chromium talks to the network; one that dies is replaced without a word."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from playwright.async_api import Browser
from playwright.async_api import Error as PlaywrightError

ANSWER_LIMIT_S: Final = 15.0
"""How long the driver may take to answer before it counts as one that does not; it takes some 0.01 s."""
NETWORK_DIED: Final = "the browser's network service died"
DRIVER_DIED: Final = "the browser's driver no longer responds"
_SERVICE: Final = "network.mojom.NetworkService"


async def network_process(browser: Browser | None) -> int | None:
    """The number of the process; None where there is none of its own, or nobody tells."""
    with suppress(PlaywrightError, TimeoutError):
        return await _asked(browser)
    return None


async def lost_since(browser: Browser | None, before: int | None) -> str | None:
    """What a session has lost of its browser since the process was ``before``, in words; None for nothing.

    A request that fails then says nothing of the backend.
    """
    if before is None:
        return None
    try:
        now = await _asked(browser)
    except (PlaywrightError, TimeoutError):
        return DRIVER_DIED
    return None if now == before else NETWORK_DIED


async def _asked(browser: Browser | None) -> int | None:
    if browser is None or browser.browser_type.name != "chromium":
        return None
    async with asyncio.timeout(ANSWER_LIMIT_S):
        devtools = await browser.new_browser_cdp_session()
        found = await devtools.send("SystemInfo.getProcessInfo")
        await devtools.detach()
    return next((process["id"] for process in found["processInfo"] if process["type"] == _SERVICE), None)
