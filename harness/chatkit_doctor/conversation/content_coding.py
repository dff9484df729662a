"""Bodies behind a ``content-encoding``, decoded piece by piece as Chromium does it.

Measured with Chromium 156, and asked again by a test: a coding it does not know, in any place of the list,
leaves the whole body as it is; what is over is over, whatever follows a gzip or brotli stream; a checksum
is not looked at; a stream that breaks off is what came of it; anything else that contradicts the header
ends the body with ``net::ERR_CONTENT_DECODING_FAILED``. One thing differs: bytes behind the end of a brotli
stream, in the same piece as its end, are an error here.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Collection, Iterator
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped]  # it has no types

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

OFFERED: Final = ("gzip", "deflate", "br", "zstd")
"""What a browser asks for over https and on loopback, in its order."""
OFFERED_IN_THE_OPEN: Final = ("gzip", "deflate")
"""What it asks for over http elsewhere: old proxies break the others."""
PIECE_BYTES: Final = 64 * 1024
"""The most that is unpacked in one step, whatever a body promises to become."""
_LONGEST_HEAD: Final = 64 * 1024
_BROTLI_STEP: Final = PIECE_BYTES // 4
"""It stops after the block that reaches the limit, and the first has 32 KB."""
_ZSTD_WINDOW_LOG: Final = 23
"""8 MB, as RFC 9659 allows on the web."""
_RAW: Final = -zlib.MAX_WBITS
_ALIASES: Final = {"x-gzip": "gzip"}


class UndecodableError(Exception):
    """A body is not what its ``content-encoding`` says; tells why."""


def codings(header: str) -> tuple[str, ...]:
    """The codings of a header in the order in which they were applied; none where one is not known."""
    named = [_ALIASES.get(name, name) for part in header.split(",") if (name := part.strip().lower())]
    return tuple(named) if set(named) <= set(OFFERED) else ()


class BodyDecoder:
    """Decodes one body. A header without a known coding leaves it as it is."""

    def __init__(self, header: str, offered: Collection[str] = OFFERED) -> None:
        self._header = header
        found = codings(header)
        self._refused = next((coding for coding in found if coding not in offered), "")
        self._stages = [_STAGES[coding]() for coding in reversed(found)]
        self._begin = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The next bytes of the body, decoded in pieces of 64 KB at most. Raises UndecodableError."""
        if self._refused:
            raise UndecodableError(
                f"it says {self._refused}, which browsers do not offer over http to another host"
            )
        if len(self._begin) < 24:
            self._begin += data[:24]
        try:
            yield from self._through(0, data)
        except UndecodableError as error:
            begin = repr(self._begin)[2:-1]
            what = f"it says {self._header.strip()}, but the body starts with “{begin}”"
            raise UndecodableError(what) from error

    def _through(self, stage: int, data: bytes) -> Iterator[bytes]:
        if stage == len(self._stages):
            yield data
            return
        for piece in self._stages[stage].feed(data):
            yield from self._through(stage + 1, piece)


class _Stage(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]:
        """What results from the next bytes. Raises UndecodableError."""
        ...


class _Deflate:
    """``deflate``: with the wrapper of zlib, or without."""

    def __init__(self) -> None:
        self._held = b""
        self._inflate = zlib.decompressobj(_RAW)
        self._has_begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._has_begun:
            self._held += data
            size = self._head_size(self._held)
            if size is None:
                if len(self._held) > _LONGEST_HEAD:
                    raise UndecodableError
                return
            data, self._held, self._has_begun = self._held[size:], b"", True
        while not self._inflate.eof:
            try:
                piece = self._inflate.decompress(data, PIECE_BYTES)
            except zlib.error as error:
                raise UndecodableError from error
            if piece:
                yield piece
            data = self._inflate.unconsumed_tail
            if not data and len(piece) < PIECE_BYTES:
                return

    def _head_size(self, held: bytes) -> int | None:
        """Bytes before the compressed ones; None while they are not all there."""
        if len(held) < 2:
            return None
        is_wrapped = held[0] & 0x0F == 8 and int.from_bytes(held[:2]) % 31 == 0
        return 2 if is_wrapped else 0


class _Gzip(_Deflate):
    """``gzip`` (RFC 1952)."""

    def _head_size(self, held: bytes) -> int | None:
        if not b"\x1f\x8b\x08".startswith(held[:3]):
            raise UndecodableError
        if len(held) < 10:
            return None
        flags, at = held[3], 10
        if flags & 4:
            if len(held) < at + 2:
                return None
            at += 2 + int.from_bytes(held[at : at + 2], "little")
        for flag in (8, 16):  # a name, a comment
            if flags & flag:
                end = held.find(b"\0", at)
                if end < 0:
                    return None
                at = end + 1
        at += 2 if flags & 2 else 0
        return at if len(held) >= at else None


class _Brotli:
    def __init__(self) -> None:
        self._unpacker = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._unpacker.is_finished():
            try:
                piece: bytes = self._unpacker.process(data, output_buffer_limit=_BROTLI_STEP)
            except brotli.error as error:
                raise UndecodableError from error
            if piece:
                yield piece
            data = b""
            if self._unpacker.can_accept_more_data():
                return


class _Zstd:
    """``zstd``: one frame or several."""

    def __init__(self) -> None:
        self._unpacker = _zstd_frame()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._unpacker.eof:
                data = self._unpacker.unused_data or data
                if not data:
                    return
                self._unpacker = _zstd_frame()
            try:
                piece = self._unpacker.decompress(data, PIECE_BYTES)
            except zstd.ZstdError as error:
                raise UndecodableError from error
            data = b""
            if piece:
                yield piece
            if self._unpacker.needs_input and not self._unpacker.eof:
                return


def _zstd_frame() -> zstd.ZstdDecompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})


_STAGES: Final[dict[str, Callable[[], _Stage]]] = {
    "gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
