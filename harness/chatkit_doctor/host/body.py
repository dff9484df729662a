"""A response whose body goes over the socket piece by piece: real writes, real pauses, a real ending."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chatkit_doctor.loopback import ABORT


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is sent for this long, in ms."""

    ms: float


@dataclass(frozen=True, slots=True)
class Ending:
    """How the body ends."""

    how: Literal["close", "cut", "hang"]


Piece = bytes | Wait | Ending


class ConnectionCut(Exception):  # noqa: N818 - the wanted outcome of a fault that is made on purpose
    """Raised inside a response to make the server drop the connection without ending the body."""


class PiecewiseResponse(Response):
    """Writes each piece by itself, after a while in which not even the status is sent."""

    def __init__(
        self,
        status: int,
        headers: Sequence[tuple[bytes, bytes]],
        pieces: Iterable[Piece],
        *,
        delay_ms: float = 0.0,
        buffered: bool = False,
    ) -> None:
        super().__init__(b"", status_code=status)
        # What is added to the headers of this response later still goes out with these.
        self.raw_headers = list(headers)
        self._pieces = pieces
        self._delay_ms = delay_ms
        self._buffered = buffered

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        if self._delay_ms:
            await asyncio.sleep(self._delay_ms / 1000)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        writing = asyncio.ensure_future(self._write(send))
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await asyncio.wait({writing, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not writing.done():
                writing.cancel()
        if writing.done() and not writing.cancelled():
            writing.result()

    async def _write(self, send: Send) -> None:
        held = bytearray()
        for piece in self._pieces:
            if self._buffered and isinstance(piece, bytes):
                held += piece
                continue
            if held and isinstance(piece, Ending):
                await _write_piece(bytes(held), send)
            await _write_piece(piece, send)


class NoAnswer(Response):
    """Drops the connection before anything is answered, after a while; or never answers."""

    def __init__(self, how: Literal["cut", "hang"], *, delay_ms: float = 0.0) -> None:
        super().__init__()
        self._how = how
        self._delay_ms = delay_ms

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        await asyncio.sleep(self._delay_ms / 1000)
        if self._how == "cut":
            scope["state"][ABORT]()
        await _disconnected(receive)


async def _write_piece(piece: Piece, send: Send) -> None:
    match piece:
        case bytes():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            # The loop must have a turn to notice a page that is gone: asyncio logs what is sent to nobody.
            await asyncio.sleep(0)
        case Wait():
            await asyncio.sleep(piece.ms / 1000)
        case Ending(how="close"):
            await send({"type": "http.response.body", "body": b""})
        case Ending(how="cut"):
            raise ConnectionCut
        case Ending():
            await asyncio.Event().wait()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
