"""A session that a user carries out: they use the page, and what they do is put down as steps."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.browser.silence import SoFar
from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.session_state import SessionState

PACE_S: Final = 0.25
"""How often at most it is told that something has come: a user sees no more of it."""
LEAST_WIDTH: Final = 640
"""Of the window beside the page, in CSS pixels."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """The user at the page. They are done when ``through`` is set, or when they have closed it.

    ``beside`` is the address of what is shown in a window beside the page; empty for nothing.
    """

    through: asyncio.Event
    beside: str = ""

    async def wakes(self, state: SessionState) -> None:
        """Has what is waited for looked at again when they are through."""
        await self.through.wait()
        state.wake()


async def tell_of_progress(
    observed: ObservedPage, so_far: Callable[[], SoFar], progressed: Callable[[SoFar], None]
) -> None:
    """Tell of what has come, as it comes; goes on until it is cancelled."""
    came = asyncio.Event()
    observed.journal.listeners.append(lambda _t, _entry: came.set())
    while True:
        await came.wait()
        came.clear()
        progressed(so_far())
        # Not to wait for anything: what comes meanwhile is told together.
        await asyncio.sleep(PACE_S)


async def open_beside(observed: ObservedPage, url: str) -> None:
    """Open a window of its own, right of the page's, in a browser that can. It is none of the session's."""
    if observed.cdp is None:
        return
    window = {"url": url, "newWindow": True, "background": True}
    opened = await observed.cdp.send("Target.createTarget", window)
    # A browser without windows has no place for them, and one that tells of no screen keeps them as they are.
    with contextlib.suppress(PlaywrightError):
        await _put_beside(observed, observed.cdp, opened["targetId"])


async def _put_beside(observed: ObservedPage, cdp: CDPSession, target: str) -> None:
    screens = (await cdp.send("Emulation.getScreenInfos"))["screenInfos"]
    screen = next((each for each in screens if each["isPrimary"]), screens[0])
    left, top = screen["availLeft"], screen["availTop"]
    width, height = screen["availWidth"], screen["availHeight"]
    page = await cdp.send("Browser.getWindowForTarget")
    beside = await cdp.send("Browser.getWindowForTarget", {"targetId": target})
    if observed.page.viewport_size is None:
        taken = width // 2
        await _place(cdp, page, {"left": left, "top": top, "width": taken, "height": height})
    else:  # A size that was requested stays.
        taken = page["bounds"]["width"]
        await _place(cdp, page, {"left": left, "top": top})
    # Where the page takes all of the screen, a part of it is covered: it can be clicked to the front.
    remaining = min(max(width - taken, LEAST_WIDTH), width)
    bounds = {"left": left + width - remaining, "top": top, "width": remaining, "height": height}
    await _place(cdp, beside, bounds)


async def _place(cdp: CDPSession, window: Mapping[str, Any], bounds: Mapping[str, int]) -> None:
    await cdp.send("Browser.setWindowBounds", {"windowId": window["windowId"], "bounds": dict(bounds)})
