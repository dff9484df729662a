"""Where browsers come from, and what a session is given of one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from playwright.async_api import BrowserContext, CDPSession, Page

from chatkit_doctor.browser.patience import Patience
from chatkit_doctor.gather.probes import ProbeChannel
from chatkit_doctor.recording.header import BrowserInfo

if TYPE_CHECKING:
    from chatkit_doctor.runtime.server import RuntimeServer


GetServer = Callable[[], Awaitable["RuntimeServer"]]
"""Where the component comes from, once it is there."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A fresh page for one session. ``cdp`` is None in browsers without the DevTools protocol."""

    page: Page
    context: BrowserContext
    cdp: CDPSession | None
    channel: ProbeChannel
    is_alone: bool = True
    """Whether the context holds nothing but this tab: a trace of it shows every tab."""
    tracing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the context traces. One that is used again traces one session at a time."""


class OpenBrowser(Protocol):
    """A running browser on one runtime."""

    @property
    def server(self) -> RuntimeServer:
        """Where the component comes from."""
        ...

    @property
    def is_connected(self) -> bool:
        """Whether it is still there; one that was closed or killed gives no more pages."""
        ...

    def info(self, *, motion: bool) -> BrowserInfo:
        """What a report says of it, and of a session with or without animations in it."""
        ...

    def tab(self, *, motion: bool = False) -> AbstractAsyncContextManager[Tab]:
        """A page of its own: what it stores, and what is set for it, no other tab that is open can see.

        With ``motion`` animations run.
        """
        ...


class BrowserProvider(Protocol):
    """Starts a browser, or finds one."""

    def open(
        self, server: GetServer, patience: Patience | None = None
    ) -> AbstractAsyncContextManager[OpenBrowser]:
        """A browser that gets the component from this server.

        ``server`` is requested once what drives the browser runs, which takes half a second: it may be
        started meanwhile.

        ``patience`` is how long it is waited for when it, or a page of it, is to be closed.

        Raises BrowserError when there is none.
        """
        ...
