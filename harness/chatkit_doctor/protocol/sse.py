"""Server-sent events, read incrementally and true to the WHATWG rules, with what is wrong and where.

Bytes go in at any split, events come out; the same bytes give the same events, problems and offsets however
they were split. Offsets count bytes from the beginning of the body. Memory is bounded: an event larger than
``MAX_EVENT_BYTES`` is dropped and reported.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_EVENT_BYTES: Final = 8 * 1024 * 1024
"""Bytes of one event; more than any real ChatKit event, and a bound for a body without blank lines."""
MAX_PROBLEMS: Final = 100
"""Problems kept in full; the others are only counted."""

_INSPECTED: Final = 64 * 1024
"""Bytes of an oversized event that are still looked at for what is wrong with them."""
_SHOWN: Final = 80
"""Characters of a line quoted in a problem."""

_BOM: Final = b"\xef\xbb\xbf"
# Atomic, because a CRLF is one line end and must never be taken for two.
_LINE_END: Final = re.compile(rb"(?>\r\n|\n|\r)")
_BLANK_LINE: Final = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_LONGEST_BLANK_LINE: Final = 4


class ProblemKind(StrEnum):
    """What can be wrong with the bytes of an event stream."""

    NO_BLANK_LINE = "no-blank-line"
    """Two complete JSON documents in the data of one event: the line between two events is missing."""
    NOT_A_FIELD = "not-a-field"
    """A line that is neither a field nor a comment, and neither JSON nor HTML."""
    BARE_JSON = "bare-json"
    """A line of JSON without ``data:``, as NDJSON or a plain JSON answer has it."""
    HTML = "html"
    """A line of HTML: a page in place of a stream."""
    BAD_UTF8 = "bad-utf8"
    """Bytes that are no UTF-8; read as replacement characters, as a browser does."""
    TOO_LARGE = "too-large"
    """An event beyond ``MAX_EVENT_BYTES``; dropped."""
    UNTERMINATED = "unterminated"
    """The body ended before the blank line of its last event. The standard and the component drop it."""


@dataclass(frozen=True, slots=True)
class SseProblem:
    """One thing wrong with the framing, at a byte offset of the body."""

    kind: ProblemKind
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class SseEvent:
    """One event. ``at`` is the byte offset of its first line, ``end`` that behind its last line's text.

    ``event`` is empty where the stream names none. An event that is not ``terminated`` was cut off by the
    end of the body: a browser never dispatches it (measured: the component loses it, too).
    """

    data: str
    at: int
    end: int
    event: str = ""
    id: str = ""
    terminated: bool = True


class SseParser:
    """Splits the bytes of one body into events."""

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self.problems: list[SseProblem] = []
        self.problem_counts: Counter[ProblemKind] = Counter()
        self.retry_ms: int | None = None
        """The reconnection time the stream asked for, in ms."""
        self.comments = 0
        self._max = max_event_bytes
        self._inspected = min(_INSPECTED, max_event_bytes)
        self._buffer = bytearray()
        self._at = 0
        """Offset of the buffer's first byte in the body."""
        self._scanned = 0
        """Bytes of the buffer in which no blank line begins."""
        self._begun = False
        self._skip_line_feed = False
        self._line_feeds_only = True
        """Whether no carriage return has come yet: then a blank line is found without a pattern."""
        self._dropping = False
        self._last_id = ""

    @property
    def size(self) -> int:
        """Bytes of the body so far."""
        return self._at + len(self._buffer)

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """The events that this chunk completes."""
        self._buffer += chunk
        self._line_feeds_only = self._line_feeds_only and 0x0D not in chunk
        if not self._begin():
            return []
        events: list[SseEvent] = []
        buffer, start = self._buffer, 0
        while blank := self._blank_line():
            stop, end = blank
            event = self._block(bytes(buffer[start:stop]), self._at + start)
            if event is not None:
                events.append(event)
            start = self._scanned = end
            if start == len(buffer) and buffer[-1] == 0x0D:
                # It may be the first half of a CRLF; the event is complete either way.
                self._skip_line_feed = True
        self._keep(start)
        return events

    def close(self) -> list[SseEvent]:
        """The end of the body: the event that was cut off by it, flagged, if there is one."""
        block, at = bytes(self._buffer), self._at
        self._keep(len(block))
        if self._dropping or not block.strip(b"\r\n"):
            return []
        event = self._block(block, at, terminated=False)
        if event is None:
            return []
        self._problem(ProblemKind.UNTERMINATED, at, "the body ends before the blank line that completes this")
        return [event]

    def _blank_line(self) -> tuple[int, int] | None:
        """Where the next line end with another one behind it begins and ends in the buffer."""
        if self._line_feeds_only:
            at = self._buffer.find(b"\n\n", self._scanned)
            return (at, at + 2) if at >= 0 else None
        match = _BLANK_LINE.search(self._buffer, self._scanned)
        return match.span() if match else None

    def _begin(self) -> bool:
        """Drop a byte order mark and the second half of a CRLF; False while the next byte decides."""
        if not self._begun:
            if len(self._buffer) < len(_BOM) and _BOM.startswith(self._buffer):
                return False
            self._begun = True
            if self._buffer.startswith(_BOM):
                self._forget(len(_BOM))
        if self._skip_line_feed and self._buffer:
            self._skip_line_feed = False
            if self._buffer[0] == 0x0A:
                self._forget(1)
        return True

    def _keep(self, start: int) -> None:
        """Keep what no blank line has ended yet, within the limit."""
        self._forget(start)
        # Up to this many bytes may already belong to the blank line that ends the event.
        undecided = _LONGEST_BLANK_LINE - 1
        if len(self._buffer) > self._max + undecided and not self._dropping:
            self._oversized(bytes(self._buffer[: self._inspected]), self._at)
            self._dropping = True
        if self._dropping:
            self._forget(max(0, len(self._buffer) - undecided))
        self._scanned = max(0, len(self._buffer) - undecided)

    def _forget(self, count: int) -> None:
        del self._buffer[:count]
        self._at += count
        self._scanned = max(0, self._scanned - count)

    def _block(self, block: bytes, at: int, *, terminated: bool = True) -> SseEvent | None:
        if self._dropping:
            self._dropping = False
            return None
        if len(block) > self._max:
            self._oversized(block[: self._inspected], at)
            return None
        if block.startswith(b"data: ") and b"\n" not in block and b"\r" not in block:
            # The shape of nearly every event there is; worth a fast path.
            text = self._text(block[6:], at + 6)
            return SseEvent(text, at, at + len(block), "", self._last_id, terminated)
        return self._lines(block, at, terminated=terminated)

    def _lines(self, block: bytes, at: int, *, terminated: bool = True) -> SseEvent | None:
        data: list[str] = []
        name, first, position = "", at, 0
        while position <= len(block):
            match = _LINE_END.search(block, position)
            stop = match.start() if match else len(block)
            line = block[position:stop]
            here = at + position
            position = match.end() if match else len(block) + 1
            if not line:
                first = at + position if here == first else first
                continue
            if line.startswith(b":"):
                self.comments += 1
                continue
            field, _, value = line.partition(b":")
            start = here + len(field) + 1
            if value.startswith(b" "):
                value, start = value[1:], start + 1
            match field:
                case b"data":
                    data.append(self._text(value, start))
                case b"event":
                    name = self._text(value, start)
                case b"id":
                    if b"\0" not in value:
                        self._last_id = self._text(value, start)
                case b"retry":
                    if value.isdigit() and len(value) < 16:
                        self.retry_ms = int(value)
                case _:
                    self._stray(line, here)
        if not data:
            return None
        if len(data) > 1 and _is_document(data[0]) and _is_document(data[1]):
            text = f"{len(data)} data lines in one event, each with a separate JSON document"
            self._problem(ProblemKind.NO_BLANK_LINE, first, text)
        return SseEvent("\n".join(data), first, at + len(block), name, self._last_id, terminated)

    def _text(self, raw: bytes, at: int) -> str:
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            self._problem(ProblemKind.BAD_UTF8, at + error.start, f"not UTF-8: {error.reason}")
            return raw.decode(errors="replace")

    def _stray(self, line: bytes, at: int) -> None:
        text = line[:_SHOWN].decode(errors="replace").strip()
        if not text:
            return
        kind = ProblemKind.NOT_A_FIELD
        if text.startswith(("{", "[")):
            kind = ProblemKind.BARE_JSON
        elif re.match(r"(?i)<(!doctype|html|head|body|\?xml|!--)", text):
            kind = ProblemKind.HTML
        self._problem(kind, at, text)

    def _oversized(self, beginning: bytes, at: int) -> None:
        self._problem(ProblemKind.TOO_LARGE, at, f"more than {self._max} bytes without a blank line")
        whole_lines = beginning[: max(beginning.rfind(b"\n"), beginning.rfind(b"\r"), 0)]
        if whole_lines:
            self._lines(whole_lines, at)

    def _problem(self, kind: ProblemKind, at: int, text: str) -> None:
        self.problem_counts[kind] += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(SseProblem(kind, at, text))


def parse(body: bytes) -> tuple[list[SseEvent], list[SseProblem]]:
    """All events and problems of a whole body."""
    parser = SseParser()
    events = parser.feed(body)
    events += parser.close()
    return events, parser.problems


def _is_document(text: str) -> bool:
    if not text.startswith("{"):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
