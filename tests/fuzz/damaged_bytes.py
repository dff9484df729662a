"""Damage to a body as it crosses the network: flipped, lost, doubled and disordered bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.differential.generated import Maker

_BROKEN_UTF8: Final = (b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\xaf")
_FIELDS: Final = (
    b"retry: 1",
    b"retry: soon",
    b"id: 7",
    b"id",
    b"event: message",
    b"event: thread.item.done",
    b"data",
    b"data:",
    b": a comment",
    b"event : thread.item.done",
    b"model: gpt",
    b"\xef\xbb\xbf",
)


def _flipped_bits(make: Maker, body: bytes) -> bytes:
    damaged = bytearray(body)
    for _ in range(1 + make.below(3) if body else 0):
        damaged[make.below(len(damaged))] ^= 1 << make.below(8)
    return bytes(damaged)


def _end_cut_off(make: Maker, body: bytes) -> bytes:
    return body[: make.below(len(body) + 1)]


def _piece_lost(make: Maker, body: bytes) -> bytes:
    begin, end = _piece(make, body)
    return body[:begin] + body[end:]


def _piece_twice(make: Maker, body: bytes) -> bytes:
    begin, end = _piece(make, body)
    return body[:end] + body[begin:]


def _pieces_exchanged(make: Maker, body: bytes) -> bytes:
    begin, end = _piece(make, body)
    return body[:begin] + body[end : 2 * end - begin] + body[begin:end] + body[2 * end - begin :]


def _nul(make: Maker, body: bytes) -> bytes:
    return _inserted(make, body, b"\0")


def _broken_utf8(make: Maker, body: bytes) -> bytes:
    return _inserted(make, body, make.one(_BROKEN_UTF8))


def _line_end(make: Maker, body: bytes) -> bytes:
    return _inserted(make, body, make.one((b"\n", b"\r", b"\r\n", b"\n\n", b"\xe2\x80\xa8")))


def _field(make: Maker, body: bytes) -> bytes:
    """A line of the standard, or of nobody's, between two others."""
    places = [0, *(at + 1 for at, byte in enumerate(body) if byte == 0x0A)]
    at: int = make.one(places)
    field: bytes = make.one(_FIELDS)
    return body[:at] + field + b"\n" + body[at:]


def _other_encoding(make: Maker, body: bytes) -> bytes:
    """The body as it is in another encoding; with two byte order marks; or with what UTF-8 means twice."""
    text = body.decode("utf-8", "replace")
    kind = make.below(4)
    if kind == 0:
        return text.encode("utf-16")
    if kind == 1:
        return b"\xef\xbb\xbf" * 2 + body
    if kind == 2:
        return text.replace("e", "\u00e9").encode("latin-1", "replace")
    return text.replace("e", "\u00e9").encode().decode("latin-1").encode()


def _blank_line_lost(make: Maker, body: bytes) -> bytes:
    places = [at for at in range(len(body)) if body.startswith(b"\n\n", at)]
    if not places:
        return body
    at = make.one(places)
    return body[:at] + body[at + 1 :]


def _comment(make: Maker, body: bytes) -> bytes:
    comment: bytes = make.one((b": \0\n\n", b":" + b"x" * 70_000 + b"\n", b":\n" * 3_000))
    return comment + body


def _html(make: Maker, body: bytes) -> bytes:
    return _inserted(make, body, b"<html><body><h1>502 Bad Gateway</h1></body></html>")


def _inserted(make: Maker, body: bytes, what: bytes) -> bytes:
    at = make.below(len(body) + 1)
    return body[:at] + what + body[at:]


def _piece(make: Maker, body: bytes) -> tuple[int, int]:
    begin = make.below(len(body) + 1)
    return begin, min(len(body), begin + make.one((1, 3, 20, 200)))


BYTE_DAMAGE: Final[tuple[Callable[[Maker, bytes], bytes], ...]] = (
    _flipped_bits,
    _flipped_bits,
    _end_cut_off,
    _piece_lost,
    _piece_twice,
    _pieces_exchanged,
    _nul,
    _broken_utf8,
    _line_end,
    _field,
    _field,
    _other_encoding,
    _blank_line_lost,
    _comment,
    _html,
)
