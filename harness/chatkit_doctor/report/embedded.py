"""Data inside a document: compressed, as letters that end no element and need no escaping."""

from __future__ import annotations

import base64
import zlib

import msgspec
from markupsafe import Markup

_LEVEL = 9


def embedded(value: object) -> Markup:
    """A value as JSON, compressed (zlib, as ``DecompressionStream("deflate")`` reads it), in base64."""
    return embedded_json(msgspec.json.encode(value))


def embedded_json(document: bytes) -> Markup:
    """A JSON document in the same form."""
    packed = base64.b64encode(zlib.compress(document, _LEVEL)).decode()
    return Markup(packed)  # noqa: S704 - its letters are those of base64
