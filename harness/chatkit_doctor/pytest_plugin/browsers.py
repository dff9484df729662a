"""The browsers of a test process, on an event loop of their own thread.

What watches a page is asynchronous, and a test is not, or has a loop of its own that must not stand still:
whatever is done with a session is done on this thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import AsyncExitStack
from typing import Any, Final, TypeVar

from chatkit_doctor.engine.environment import Environment, is_hermetic, open_environment
from chatkit_doctor.engine.plan import Drive
from chatkit_doctor.pytest_plugin.launch import Launch
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import Runtime

T = TypeVar("T")
CLOSE_LIMIT_S: Final = 30.0
"""How long all browsers may take to close; they are killed long before."""


class Browsers:
    """Opens each browser when it is first asked for, and keeps it for the tests that follow.

    ``runtime`` is the component that all of them load; None for the most real one that can be had.
    """

    def __init__(self, runtime: str | None) -> None:
        self._asked = runtime
        self._runtime: Runtime | None = None
        self._open: dict[tuple[Launch, bool], Environment] = {}
        self._stack = AsyncExitStack()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="chatkit-browsers", daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Have something done on the browsers' thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The same, and wait for it."""
        return self.submit(work).result()

    async def environment(self, launch: Launch, drive: Drive) -> Environment:
        """A browser that is fit for a session, and what is around it.

        Raises BrowserError and RuntimeSourceError when there is no browser or no such runtime.
        """
        key = (launch, is_hermetic([drive]))
        found = self._open.get(key)
        if found is None or not found.browser.is_connected:
            if self._runtime is None:
                self._runtime = await asyncio.to_thread(choose, self._asked)
            provider = await asyncio.to_thread(launch.provider)
            opening = open_environment([drive], self._runtime, provider)
            found = self._open[key] = await self._stack.enter_async_context(opening)
        return found

    def close(self) -> None:
        """Close every browser."""
        try:
            self.submit(self._stack.aclose()).result(CLOSE_LIMIT_S)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(CLOSE_LIMIT_S)
            self._loop.close()
