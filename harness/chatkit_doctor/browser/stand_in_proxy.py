"""Leading a browser to what stands in on this machine, where it was started without arguments that do so.

A context can be given a proxy at any time. This one is asked for names (SOCKS 5, RFC 1928), and connects each
to its stand-in on loopback, or to nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from playwright.async_api import ProxySettings

    from chatkit_doctor.runtime.server import RuntimeServer

_HANDSHAKE_S: Final = 10.0
"""How long a browser may take to say what it wants."""
_PIECE: Final = 65_536
"""Bytes that are passed on at a time."""
_VERSION: Final = 5
_NO_LOGIN: Final = 0
_CONNECT: Final = 1
_ADDRESS_BYTES: Final = {1: 4, 4: 16}
_NAME: Final = 3
_CONNECTED: Final = 0
_UNREACHABLE: Final = 4


class StandInProxy:
    """Runs on the event loop for as long as the ``async with`` block lasts."""

    def __init__(self, served: RuntimeServer) -> None:
        self._served = served
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await asyncio.sleep(0)  # A transport that is aborted closes its socket a turn of the loop later.

    @property
    def settings(self) -> ProxySettings:
        """What a context is given; what is reached as ever does not come here."""
        assert self._server is not None  # noqa: S101 - within the block
        port = self._server.sockets[0].getsockname()[1]
        return {"server": f"socks5://127.0.0.1:{port}", "bypass": ",".join(self._served.reachable)}

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a server makes one for each connection
        self._connections.add(task)
        try:
            await self._lead(reader, writer)
        except (OSError, EOFError, TimeoutError):
            """Either side went away, or the browser said something else than it should."""
        finally:
            self._connections.discard(task)
            writer.transport.abort()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_HANDSHAKE_S):
            host, port = await _asked_for(reader, writer)
        to = self._served.stand_in_for(host, port)
        if to is None:
            writer.write(_reply(_UNREACHABLE))
            await writer.drain()
            writer.close()
            await writer.wait_closed()
            return
        onward, back = await asyncio.open_connection("127.0.0.1", to.port)
        try:
            writer.write(_reply(_CONNECTED))
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, back))
                both.create_task(_pass_on(onward, writer))
        except* OSError:
            """A connection that one side resets is reset on the other, too."""
        finally:
            back.transport.abort()


async def _asked_for(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """Host and port of a connection. Raises EOFError where something else is asked for."""
    version, methods = await reader.readexactly(2)
    if version != _VERSION:
        raise EOFError
    await reader.readexactly(methods)
    writer.write(bytes((_VERSION, _NO_LOGIN)))
    _, command, _, kind = await reader.readexactly(4)
    if command != _CONNECT or kind not in {*_ADDRESS_BYTES, _NAME}:
        raise EOFError
    size = _ADDRESS_BYTES.get(kind) or (await reader.readexactly(1))[0]
    told = await reader.readexactly(size)
    port = int.from_bytes(await reader.readexactly(2), "big")
    return (told.decode("latin-1") if kind == _NAME else ""), port


def _reply(code: int) -> bytes:
    """An answer that names no address of ours: a browser has no use for it."""
    return bytes((_VERSION, code, 0, 1)) + bytes(6)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, and its end."""
    while piece := await reader.read(_PIECE):
        writer.write(piece)
        await writer.drain()
    with suppress(OSError, RuntimeError):  # The other side has gone altogether.
        writer.write_eof()
