"""A session that a person carries out: they use the page, and what they do is put down as steps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.browser.silence import SoFar
from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.session_state import SessionState

PACE_S: Final = 0.25
"""How often at most it is told that something has come: a person sees no more of it."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """The person at the page. They are done when ``through`` is set, or when they have closed it.

    ``beside`` is the address of what is shown in a window beside the page; empty for nothing.
    """

    through: asyncio.Event
    beside: str = ""

    async def wakes(self, state: SessionState) -> None:
        """Has what is waited for looked at once more when they are through."""
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
    """Open a window of its own, in a browser that can. It is none of the session's."""
    if observed.cdp is None:
        return
    window = {"url": url, "newWindow": True, "background": True}
    await observed.cdp.send("Target.createTarget", window)
