"""Calls in progress: each finishes on its own, even if nobody waits for it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

END_LIMIT_S: Final = 15.0
"""How long a call may take to stop, including closing its browser."""


class Calls:
    """The calls in progress for a client.

    A request that the client cancels, or that is still running at the end, is not killed, because it has to
    close its browser. It is asked to stop.
    """

    def __init__(self) -> None:
        self._running: dict[asyncio.Task[Any], asyncio.Event] = {}

    async def carry_out(self, start: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
        """The result of a call; ``start`` receives the event that asks it to stop."""
        stop = asyncio.Event()
        task = asyncio.create_task(start(stop))
        self._running[task] = stop
        task.add_done_callback(self._ended)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            stop.set()
            raise

    async def end(self) -> None:
        """Ask all calls to stop, and wait for them, at most ``END_LIMIT_S``."""
        for stop in self._running.values():
            stop.set()
        if self._running:
            await asyncio.wait([*self._running], timeout=END_LIMIT_S)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        del self._running[task]
        if not task.cancelled():
            # If nobody waits any more, asyncio must not report its exception either.
            task.exception()
