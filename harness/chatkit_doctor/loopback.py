"""An ASGI application on a loopback port, served from a thread of its own.

In its own thread a busy event loop elsewhere cannot delay what it sends, nor the other way round. Nothing of
the process around it is touched: no signal handlers, no log levels.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import ssl
import threading
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.lifespan.off import LifespanOff
from uvicorn.lifespan.on import LifespanOn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from chatkit_doctor.errors import DoctorError, UsageError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1")
START_LIMIT_S: Final = 15.0
STOP_LIMIT_S: Final = 5.0
ABORT: Final = "abort"
"""What in the ``state`` of a request's scope drops its connection: a server else answers 500."""
_SILENT: Final = logging.Logger("loopback", logging.CRITICAL + 1)  # noqa: LOG001 - none of the process's
"""What an application does wrong on purpose is for the recording to say."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A port of this machine that answers for names of the network.

    ``names`` is a pattern of Chromium's ``--host-resolver-rules``, such as ``*.app.test:443``; ``spki`` the
    certificate's, where TLS is spoken. ``is_real`` names exist in the network, and are answered here only
    where the network is not to be reached.
    """

    names: str
    port: int
    spki: str = ""
    is_real: bool = False


class LoopbackServer:
    """Serves ``app`` on 127.0.0.1, on a free port unless one is named, with TLS if a context is given.

    The port is open from the beginning; answers come between :meth:`start` and :meth:`stop`. Who asks for
    a different host from loopback or one of ``names`` (patterns such as ``*.app.test``) is refused: a page
    somewhere in the network may have led its own name here. An application that is ``somebodys`` own is told
    when it begins and ends (its lifespan), and what it raises is logged as by any server (``uvicorn.error``).
    Raises UsageError when the port is not available.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        name: str,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        names: Collection[str] = (),
        somebodys: bool = False,
    ) -> None:
        self._listener = _listen(port)
        self.port: int = self._listener.getsockname()[1]
        self._name = name
        self._tls = tls
        self._somebodys = somebodys
        # Whatever is logged goes to a logger of our own; turning the access log off would do so for the
        # process.
        self._config = uvicorn.Config(
            _only_for(app, (*LOOPBACK_NAMES, *names)),
            interface="asgi3",
            http=_Protocol,
            ws="none",
            lifespan="auto" if somebodys else "off",
            log_config=None,
            proxy_headers=False,
            timeout_keep_alive=60,
        )
        self._config.load()
        self._up = threading.Event()
        self._refused = False
        """Whether the application said that it cannot begin."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to answer. Raises DoctorError when that fails, or takes longer than 15 s."""
        self._thread.start()
        if not self._up.wait(START_LIMIT_S):
            self.stop()
            raise DoctorError(f"the {self._name} server did not start within {START_LIMIT_S:g} s")
        if self._refused:
            self.stop()
            hint = "Its own error is in the log, under uvicorn.error."
            raise DoctorError("the application failed at start-up (lifespan)", hint=hint)

    def stop(self) -> None:
        """Close the port and every connection."""
        if self._loop is not None and self._stopping is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread.ident is not None:
            self._thread.join(STOP_LIMIT_S)
        self._listener.close()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens: always loopback."""
        host, port = self._listener.getsockname()
        return str(host), int(port)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        loop.set_exception_handler(_ignore_broken_connections)
        lifespan = LifespanOn(self._config) if self._somebodys else LifespanOff(self._config)
        await lifespan.startup()
        if lifespan.should_exit:
            self._refused = True
            self._up.set()
            return
        lasting = asyncio.all_tasks()
        state = ServerState()

        def protocol() -> _Protocol:
            return _Protocol(self._config, state, lifespan.state, logs=self._somebodys)

        server = await loop.create_server(protocol, sock=self._listener, ssl=self._tls)
        self._up.set()
        await self._stopping.wait()
        # No more are taken; what was taken just now has its first turn. A server that is closed before that
        # lets go of such a connection without closing it (asyncio of Python 3.11).
        with suppress(NotImplementedError):  # Windows: completions have no reader.
            loop.remove_reader(self._listener)
        await asyncio.sleep(0)
        server.close()
        await _cancelled(asyncio.all_tasks() - lasting)
        for connection in list(state.connections):
            connection.transport.abort()
        await lifespan.shutdown()


async def _cancelled(tasks: Collection[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Protocol(H11Protocol):
    """One connection; what uvicorn would log of it is dropped, unless it ``logs``."""

    def __init__(self, *args: Any, logs: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not logs:
            self.logger = _SILENT
        self.access_log = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, and offer to drop it."""
        super().connection_made(transport)
        self.app_state[ABORT] = transport.abort


def _only_for(app: ASGIApp, names: Collection[str]) -> ASGIApp:
    """The application, for requests to these hosts alone."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        host = next((value for key, value in scope["headers"] if key == b"host"), b"")
        if is_named(host.decode("latin-1"), names):
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 421, "headers": []})
        await send({"type": "http.response.body", "body": b"not a host of this server"})

    return guarded


def is_named(host: str, names: Iterable[str]) -> bool:
    """Whether the value of a Host header, with or without a port, is one of these names or patterns."""
    name = re.sub(r":\d*\Z", "", host).lower()
    return any(fnmatchcase(name, each) for each in names)


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
            hint="Choose another port, or stop the process that uses it.",
        ) from error
