"""Data inside a document: compressed, as letters that end no element; and unpacked again."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from typing import Final

import msgspec
from markupsafe import Markup

MOST_UNPACKED: Final = 64 * 1024 * 1024
"""Bytes of one part; what is longer is cut."""
_DEEPEST: Final = 3
"""A run's document holds reports, and those hold data."""
_PART: Final = re.compile(rb"<script[^>]*>([A-Za-z0-9+/=\s]{16,})</script>")


def packed(document: bytes) -> Markup:
    """Bytes in base64, compressed (zlib, as ``DecompressionStream("deflate")`` reads it)."""
    return Markup(base64.b64encode(zlib.compress(document, 9)).decode())  # noqa: S704 - letters of base64


def packed_json(value: object) -> Markup:
    """A value as JSON, packed."""
    return packed(msgspec.json.encode(value))


def packed_parts(document: bytes, depth: int = _DEEPEST) -> Iterator[bytes]:
    """The parts of a document that are compressed, and those within them."""
    for found in _PART.finditer(document):
        try:
            part = zlib.decompressobj().decompress(base64.b64decode(found[1]), MOST_UNPACKED)
        except (binascii.Error, zlib.error):
            continue
        yield part
        if depth > 1:
            yield from packed_parts(part, depth - 1)
