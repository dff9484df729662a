"""Whether a run has to end before its end, and why: someone stopped it, or its time is over."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Coroutine
from typing import Any, Final

from chatkit_doctor.browser.patience import Patience

INTERRUPTED: Final = "the run was interrupted"
RESERVE_S: Final = 10.0
"""What is kept of a run's time for judging, writing and closing."""
MOST_RESERVED: Final = 0.4
"""The share of a short run's time that is kept for it at most."""
FOR_THE_BROWSER: Final = 0.25
"""The share of what is kept in which the browser may still be asked for something, the trace be written, and
a page be closed. What does not answer by then is killed: judging and writing need the rest."""
FOR_JUDGING: Final = 0.6
"""The share of what is then left that judging may take."""
FOR_CLOSING: Final = 0.6
"""The share of what is left once the report is due in which browsers and their driver may close."""


class Halt:
    """Set once, and then no further work is begun.

    A run may take ``limit_s`` from the moment ``since`` (``time.monotonic``), by default from now.
    """

    def __init__(self, stop: asyncio.Event, limit_s: float | None, since: float | None = None) -> None:
        self._stop = stop
        self._limit_s = limit_s
        self._end = math.inf if limit_s is None else (time.monotonic() if since is None else since) + limit_s
        self._is_set = asyncio.Event()
        self._reason = INTERRUPTED
        self.patience: Final = Patience()
        """How long the browser is waited for: what comes after the sessions is not to wait for it in vain."""

    @property
    def is_set(self) -> bool:
        """Whether the run has to end now."""
        return self._is_set.is_set() or self._stop.is_set()

    @property
    def reason(self) -> str:
        """Why, in a few words that can stand in a report."""
        return self._reason

    @property
    def judging_limit_s(self) -> float:
        """How long what is being judged now is still waited for, once the run has to end."""
        return self._after(FOR_JUDGING) - time.monotonic()

    async def watch(self) -> None:
        """Wait until it is time to end; never returns before."""
        limit = self._limit_s
        try:
            async with asyncio.timeout_at(None if limit is None else self._end - reserve_s(limit)):
                await self._stop.wait()
        except TimeoutError:
            self._reason = f"the time limit of {limit or 0:g} s was reached"
        self._end = min(self._end, time.monotonic() + RESERVE_S)
        self.patience.ends_at(self._after(FOR_THE_BROWSER))
        self._is_set.set()

    def now_closing(self) -> None:
        """The report is due: what is left of the time is for closing what was opened."""
        if self._is_set.is_set():
            self.patience.ends_at(self._after(FOR_CLOSING))

    def _after(self, share: float) -> float:
        """The moment at which a share of the time that is left will be over."""
        now = time.monotonic()
        return now + share * max(0.0, self._end - now)

    async def unless(self, work: Coroutine[Any, Any, None]) -> bool:
        """Carry something out to its end; True when it had to end before."""
        task = asyncio.ensure_future(work)
        halting = asyncio.ensure_future(self._is_set.wait())
        try:
            await asyncio.wait({task, halting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            halting.cancel()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if task.cancelled():
            return True
        task.result()
        return False


def reserve_s(limit_s: float) -> float:
    """How much of a run's time is kept for what comes after its sessions."""
    return min(RESERVE_S, MOST_RESERVED * limit_s)
