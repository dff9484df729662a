"""The bytes of a body that the browser hands over as a text.

``Network.getResponseBody`` decodes what it takes for text. Measured on Chromium, for an event stream: by its
byte order mark, which it leaves out; by the charset of its content type; and as windows-1252 where there is
neither. A stream is UTF-8 of any kind taken for, so that only its bytes tell what a page reads of it.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final

_ONE_BYTE: Final = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(256)}
"""The byte of each character of windows-1252 as the web has it: bytes without a character are controls."""


def bytes_behind(text: str, size: int) -> bytes:
    """The bytes that became this text, given how many there were; as UTF-8 where no other coding fits."""
    return next((body for body in _codings(text) if len(body) == size), text.encode(errors="replace"))


def _codings(text: str) -> Iterator[bytes]:
    plain = text.encode(errors="replace")
    yield plain
    yield codecs.BOM_UTF8 + plain
    # Of the two orders of bytes, which nothing tells apart here, the usual one.
    body = codecs.BOM_UTF16_LE + text.encode("utf-16-le", "surrogatepass")
    yield body
    # Half a character at the end is lost.
    yield body + b"\0"
    if all(character in _ONE_BYTE for character in text):
        yield bytes(_ONE_BYTE[character] for character in text)
