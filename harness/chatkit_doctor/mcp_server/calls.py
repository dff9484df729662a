"""Calls under way: each comes to its own end, whoever no longer waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

END_LIMIT_S: Final = 15.0
"""How long a call may take to break off, its browser to be closed included."""


class Calls:
    """What is being done for a client.

    A request that the client cancels, or that is left behind at the end, is not cut off: what has started a
    browser has to close it. It is told to break off.
    """

    def __init__(self) -> None:
        self._running: dict[asyncio.Task[Any], asyncio.Event] = {}

    async def carry_out(self, start: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
        """What a call comes to; ``start`` is given the event that tells it to break off."""
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
        """Break off whatever there is, and wait until it is over, or for ``END_LIMIT_S``."""
        for stop in self._running.values():
            stop.set()
        if self._running:
            await asyncio.wait([*self._running], timeout=END_LIMIT_S)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        del self._running[task]
        if not task.cancelled():
            # Where nobody waits any more, what it raised is not to be complained of either.
            task.exception()
