"""What sessions in a browser need around them: a runtime, a host for pages and backends, and the browser."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, TypeVar

from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.browser.provider import BrowserProvider, OpenBrowser
from chatkit_doctor.browser.target import Address
from chatkit_doctor.engine.plan import Drive
from chatkit_doctor.host.server import Host
from chatkit_doctor.runtime.runtime import Runtime
from chatkit_doctor.runtime.server import RuntimeServer
from chatkit_doctor.scenario.backend import SdkBackend, UrlBackend

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Environment:
    """A browser on a runtime, and a host, for any number of sessions."""

    browser: OpenBrowser
    host: Host


@asynccontextmanager
async def open_environment(
    drives: Sequence[Drive],
    runtime: Runtime,
    provider: BrowserProvider,
    patience: Patience | None = None,
) -> AsyncIterator[Environment]:
    """Everything that these sessions need, until the context ends.

    ``patience`` is how long a browser is waited for that is to be closed. Raises BrowserError when it does
    not start, UsageError when no port can be had.
    """
    async with AsyncExitStack() as stack:
        preloaded = asyncio.ensure_future(_preload(drives))
        stack.callback(preloaded.cancel)
        host = await stack.enter_async_context(_InThread(Host()))
        server = RuntimeServer(runtime, hermetic=_is_hermetic(drives), stand_ins=host.stand_ins)
        await stack.enter_async_context(_InThread(server))
        browser = await stack.enter_async_context(provider.open(server, patience))
        await preloaded
        yield Environment(browser, host)


class _InThread(Generic[T]):
    """A context manager that blocks while it is entered and left, on an event loop that must not."""

    def __init__(self, manager: AbstractContextManager[T]) -> None:
        self._manager = manager

    async def __aenter__(self) -> T:
        return await asyncio.to_thread(self._manager.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._manager.__exit__, kind, error, trace)


async def _preload(drives: Sequence[Drive]) -> None:
    """Import the SDK (over a second) while the browser starts, if any scenario needs it."""
    backends = (drive.named.scenario.backend for drive in drives if not isinstance(drive.target, Address))
    if any(isinstance(backend, SdkBackend) for backend in backends):
        await asyncio.to_thread(importlib.import_module, "chatkit_doctor.host.control")


def _is_hermetic(drives: Sequence[Drive]) -> bool:
    """Whether nothing but this machine and the component's own host needs to be reached."""
    return not any(
        isinstance(drive.target, Address) or isinstance(drive.named.scenario.backend, UrlBackend)
        for drive in drives
    )
