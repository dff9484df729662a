"""How long a browser is waited for that may not answer any more."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Patience:
    """Bounds waits, each by its own limit, and all together by one moment once it is known.

    Limits of single waits add up: what must be over by a moment needs that moment. Waits that are under way
    when it becomes known are shortened, too. For one event loop.
    """

    def __init__(self) -> None:
        self._end = math.inf
        self._waits: set[asyncio.Timeout] = set()

    def ends_at(self, moment: float) -> None:
        """Nothing is waited for beyond a moment (``time.monotonic``), until another one is named."""
        self._end = moment
        for wait in self._waits:
            when = wait.when()
            if not wait.expired() and (when is None or when > self._end):
                wait.reschedule(self._end)

    @property
    def is_over(self) -> bool:
        """Whether nothing is waited for any more. May be asked by any thread."""
        return time.monotonic() >= self._end

    @asynccontextmanager
    async def until(self, moment: float) -> AsyncIterator[None]:
        """Wait within the context until a moment (``time.monotonic``). Raises TimeoutError."""
        async with asyncio.timeout_at(min(moment, self._end)) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)
