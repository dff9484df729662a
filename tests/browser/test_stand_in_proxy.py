"""What a browser elsewhere is led to by the proxy of its contexts: stand-ins, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Final

import pytest

from chatkit_doctor.browser.stand_in_proxy import StandInProxy
from chatkit_doctor.loopback import StandIn
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.server import RuntimeServer

LIMIT_S: Final = 20.0
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[object, object, None]]
HELLO: Final = b"\x05\x01\x00"
WELCOME: Final = b"\x05\x00"
UNREACHABLE: Final = b"\x05\x04"


def connect_to(name: str, port: int) -> bytes:
    return b"\x05\x01\x00\x03" + bytes([len(name)]) + name.encode() + port.to_bytes(2, "big")


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say it back once all has been said."""
    writer.write(await reader.read())
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def abort(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.transport.abort()


def told(serve: Serve, *said: bytes) -> bytes:
    """What a client hears that says this through the proxy, of a stand-in for *.app.test, to the end."""

    async def heard() -> bytes:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as standing:
            stand_in = StandIn("*.app.test:80", standing.sockets[0].getsockname()[1])
            served = RuntimeServer(choose("reference"), stand_ins=[stand_in])
            async with StandInProxy(served) as proxy:
                port = int(proxy.settings["server"].rpartition(":")[2])
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"".join(said))
                writer.write_eof()
                answer = await reader.read()
                writer.close()
                await writer.wait_closed()
                return answer

    return asyncio.run(asyncio.wait_for(heard(), LIMIT_S))


def test_a_name_with_a_stand_in_leads_to_it_and_both_ends_are_passed_on() -> None:
    answer = told(echo, HELLO, connect_to("Site.app.test", 80), b"Hello")
    assert answer == WELCOME + b"\x05\x00\x00\x01" + bytes(6) + b"Hello"


@pytest.mark.parametrize(("name", "port"), [("app.test", 80), ("a.app.test", 443), ("example.com", 80)])
def test_what_nobody_stands_in_for_is_not_reached(name: str, port: int) -> None:
    assert told(echo, HELLO, connect_to(name, port)) == WELCOME + UNREACHABLE + b"\x00\x01" + bytes(6)


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", HELLO + b"\x05\x02\x00\x01" + bytes(6)])
def test_nothing_else_than_a_connection_is_taken(said: bytes) -> None:
    assert told(echo, said) in {b"", WELCOME}


def test_a_connection_that_is_broken_off_there_ends_here() -> None:
    assert told(abort, HELLO, connect_to("a.app.test", 80), b"Hello").startswith(WELCOME)
