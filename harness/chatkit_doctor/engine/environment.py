"""What sessions in a browser need around them: a runtime, a host for pages and backends, and the browser."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Generic, TypeVar

from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.browser.provider import BrowserProvider, OpenBrowser
from chatkit_doctor.browser.target import Address
from chatkit_doctor.engine.plan import Drive
from chatkit_doctor.runtime.runtime import Runtime
from chatkit_doctor.scenario.backend import SdkBackend, UrlBackend

if TYPE_CHECKING:
    from chatkit_doctor.host.server import Host
    from chatkit_doctor.runtime.server import RuntimeServer

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
    not start, UsageError when no port is available.
    """
    async with AsyncExitStack() as stack:
        serving = asyncio.ensure_future(_serving(drives, runtime, stack))
        stack.push_async_callback(_over, serving)
        preloaded = asyncio.ensure_future(_preload(drives, serving))
        stack.callback(preloaded.cancel)

        async def server() -> RuntimeServer:
            # A thread that starts a server cannot be cancelled: it is left at the end of the stack.
            return (await asyncio.shield(serving))[1]

        browser = await stack.enter_async_context(provider.open(server, patience))
        await preloaded
        yield Environment(browser, serving.result()[0])


async def _serving(
    drives: Sequence[Drive], runtime: Runtime, stack: AsyncExitStack
) -> tuple[Host, RuntimeServer]:
    """Start the host and the runtime's server: as long a matter as starting what drives the browser."""

    def loaded() -> tuple[type[Host], type[RuntimeServer]]:
        from chatkit_doctor.host.server import Host
        from chatkit_doctor.runtime.server import RuntimeServer

        return Host, RuntimeServer

    host_type, server_type = await asyncio.to_thread(loaded)
    host = await stack.enter_async_context(_InThread(host_type))
    hermetic = is_hermetic(drives)
    server = await stack.enter_async_context(
        _InThread(lambda: server_type(runtime, hermetic=hermetic, stand_ins=host.stand_ins))
    )
    return host, server


async def _over(serving: asyncio.Future[tuple[Host, RuntimeServer]]) -> None:
    """Wait until what is being started has been, so that it is stopped like the rest."""
    await asyncio.wait([serving])
    if not serving.cancelled():
        serving.exception()  # It was raised where the server was requested, or something else was before.


class _InThread(Generic[T]):
    """A context manager that blocks while it is entered and left, on an event loop that must not."""

    def __init__(self, make: Callable[[], AbstractContextManager[T]]) -> None:
        self._make = make

    async def __aenter__(self) -> T:
        return await asyncio.to_thread(self._entered)

    def _entered(self) -> T:
        self._manager = self._make()
        return self._manager.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._manager.__exit__, kind, error, trace)


async def _preload(drives: Sequence[Drive], serving: asyncio.Future[tuple[Host, RuntimeServer]]) -> None:
    """Import what sessions take while the browser starts; the SDK (over a second) if one needs it."""
    await asyncio.wait([serving])
    for module in ("chatkit_doctor.browser.session", "chatkit_doctor.engine.rehearsal"):
        await asyncio.to_thread(importlib.import_module, module)
    backends = (drive.named.scenario.backend for drive in drives if not isinstance(drive.target, Address))
    if any(isinstance(backend, SdkBackend) for backend in backends):
        await asyncio.to_thread(importlib.import_module, "chatkit_doctor.host.control")


def is_hermetic(drives: Sequence[Drive]) -> bool:
    """Whether nothing but this machine and the component's own host needs to be reached."""
    return not any(
        isinstance(drive.target, Address) or isinstance(drive.named.scenario.backend, UrlBackend)
        for drive in drives
    )
