"""Whether a run has to end before its end, and why: somebody stopped it, or its time is over."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

INTERRUPTED: Final = "the run was interrupted"
RESERVE_S: Final = 10.0
"""What is kept of a run's time for judging, writing and closing."""
MOST_RESERVED: Final = 0.4
"""The share of a short run's time that is kept for it at most."""


class Halt:
    """Set once, and then no further work is begun."""

    def __init__(self, stop: asyncio.Event, limit_s: float | None) -> None:
        self._stop = stop
        self._limit_s = limit_s
        self._is_set = asyncio.Event()
        self._reason = INTERRUPTED

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
        """How long what is being judged then is still waited for."""
        return (RESERVE_S if self._limit_s is None else reserve_s(self._limit_s)) / 2

    async def watch(self) -> None:
        """Wait until it is time to end; never returns before."""
        limit = self._limit_s
        try:
            async with asyncio.timeout(None if limit is None else limit - reserve_s(limit)):
                await self._stop.wait()
        except TimeoutError:
            self._reason = f"the time limit of {limit:g} s was reached"
        self._is_set.set()

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
