"""How much of the bodies in a file is examined: a stranger's file may hold millions of empty lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_BYTES: Final = 16 * 1024 * 1024
"""Of all bodies of a file together, unpacked: as much as is read from a live backend."""
MAX_LINES: Final = 200_000
"""Of all bodies together. An event has at least two; the longest answers seen have some 20,000 events."""
_LINE: Final = b"\n"


@dataclass(slots=True)
class BodyLimits:
    """What is left for the bodies of one file."""

    bytes_left: int = MAX_BYTES
    lines_left: int = MAX_LINES

    def take(self, body: bytes) -> tuple[bytes, str]:
        """As much of a body as may be looked at, and which limit cut it short; empty for none."""
        why = ""
        if len(body) > self.bytes_left:
            body = body[: self.bytes_left]
            why = f"the limit of {MAX_BYTES // 1024 // 1024} MB for all bodies together"
        # A lone CR ends a line of a stream, too.
        lines = body.count(_LINE) + body.count(b"\r") - body.count(b"\r\n")
        if lines > self.lines_left:
            body, lines = self._first_lines(body), self.lines_left
            why = f"the limit of {MAX_LINES:,} lines for all bodies together"
        self.bytes_left -= len(body)
        self.lines_left -= lines
        return body, why

    def _first_lines(self, body: bytes) -> bytes:
        pieces = body.splitlines(keepends=True)
        return b"".join(pieces[: self.lines_left])
