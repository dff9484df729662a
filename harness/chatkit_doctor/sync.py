"""The functions of ``chatkit_doctor.api`` without ``await``.

Each call has an event loop to itself and returns when everything is done. Where a loop is running already, as
in a notebook or beside Playwright's synchronous API, the call has its loop on a thread of its own, and the
caller's loop stands still meanwhile, as it does for any function that does not await.

Ctrl-C stops what is under way, and the call returns what there is; a second one raises KeyboardInterrupt.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps
from typing import Any, Final, Generic, ParamSpec, TypeVar

from chatkit_doctor import api

P = ParamSpec("P")
T = TypeVar("T")


def _front(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """The same function, which returns when it is done."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        work = _Work(partial(function, *args, **kwargs))
        return work.on_a_thread() if _is_loop_running() else work.here()

    return call


class _Work(Generic[T]):
    """Something to carry out on an event loop of its own, which Ctrl-C stops."""

    def __init__(self, start: Callable[..., Coroutine[Any, Any, T]]) -> None:
        self._start = start
        self._begun = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    def here(self) -> T:
        """Carry it out on this thread."""
        return asyncio.run(self._main())

    def on_a_thread(self) -> T:
        """Carry it out on another thread, and wait for it here."""
        with ThreadPoolExecutor(1, thread_name_prefix="chatkit-doctor") as thread:
            done = thread.submit(self.here)
            try:
                return done.result()
            except KeyboardInterrupt:
                if self._begun.wait() and self._loop is not None and self._stop is not None:
                    self._loop.call_soon_threadsafe(self._stop.set)
                return done.result()

    async def _main(self) -> T:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._begun.set()
        work = asyncio.ensure_future(self._start(stop=self._stop))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            # This is how asyncio.run passes on Ctrl-C: what there is will be returned.
            self._stop.set()
            return await work


def _is_loop_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


check: Final = _front(api.check)
check_page: Final = _front(api.check_page)
run: Final = _front(api.run)
lint: Final = _front(api.lint)
audit: Final = _front(api.audit)
compare_runtimes: Final = _front(api.compare_runtimes)
