"""The browsers of a test process, on an event loop in a separate thread.

Observing a page is asynchronous, while a test is not, or has its own event loop that must not be blocked:
all work on a session is done on this thread.
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
"""Time limit for closing all browsers; they are killed well before it."""


class Browsers:
    """Opens each browser when it is first needed, and keeps it for the following tests.

    ``runtime`` is the component that all of them load; None for the most authentic one available.
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
        """Run a coroutine on the browsers' thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the browsers' thread, and wait for its result."""
        return self.submit(work).result()

    async def environment(self, launch: Launch, drive: Drive) -> Environment:
        """A browser suitable for a session, and its environment.

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
