"""An ASGI application on a loopback port, served from a thread of its own.

In its own thread a busy event loop elsewhere cannot delay what it sends, nor the other way round.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from chatkit_doctor.errors import DoctorError, UsageError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

START_LIMIT_S: Final = 15.0
STOP_LIMIT_S: Final = 5.0


class LoopbackServer:
    """Serves ``app`` on 127.0.0.1, on a free port unless one is named, with TLS if a context is given.

    The port is open from the beginning; answers come between :meth:`start` and :meth:`stop`. Raises
    UsageError when the port cannot be had.
    """

    def __init__(self, app: ASGIApp, *, name: str, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._listener = _listen(port)
        self.port: int = self._listener.getsockname()[1]
        self._name = name
        # What an application does wrong on purpose is the recording's business, not the terminal's.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        config = uvicorn.Config(
            app,
            interface="asgi3",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=1,
        )
        config.load()
        config.ssl = tls
        self._server = _Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, name=name, daemon=True
        )

    def start(self) -> None:
        """Begin to answer. Raises DoctorError when that takes longer than 15 s."""
        self._thread.start()
        if not self._server.up.wait(START_LIMIT_S):
            self.stop()
            raise DoctorError(f"the {self._name} server did not start within {START_LIMIT_S:g} s")

    def stop(self) -> None:
        """Close the port and every connection."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(STOP_LIMIT_S)
        self._listener.close()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens: always loopback."""
        host, port = self._listener.getsockname()
        return str(host), int(port)


class _Server(uvicorn.Server):
    """Leaves the process's signals alone, says when it is up, and is quiet about connections broken off."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().set_exception_handler(_ignore_broken_connections)
        await super().startup(sockets)
        self.up.set()


def _ignore_broken_connections(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # A browser that is closed in the middle of a handshake is nothing to tell anybody about.
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(
            f"port {port or 'of any number'} on 127.0.0.1 cannot be used: {error.strerror or error}",
            hint="Choose another, or stop what uses it.",
        ) from error
