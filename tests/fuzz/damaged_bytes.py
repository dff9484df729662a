"""Damage to a body as it crosses the network: flipped, lost, doubled and disordered bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.differential.generated import Maker

_BROKEN_UTF8: Final = (b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\xaf")


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
    _blank_line_lost,
    _comment,
    _html,
)
