"""The recording on disk: an append-only NDJSON journal with a header and a footer.

Line 1 is the header, every further line is one entry, the last line is the footer. A journal without a
footer is one whose run broke off: it can still be read, and the reader says so.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from chatkit_doctor.recording.cleaning import cleaned, masked
from chatkit_doctor.recording.entries import KINDS, AnyEntry, BodyReference, Entry, SessionCapped
from chatkit_doctor.recording.header import SCHEMA, Footer, Header
from chatkit_doctor.recording.masking import masked_lines
from chatkit_doctor.recording.pieces import Streams, masked_body
from chatkit_doctor.recording.redaction import Redactor

FILE_NAME: Final = "recording.ndjson"
BODIES_DIR: Final = "bodies"

MAX_ENTRIES: Final = 200_000
"""Entries kept per recording."""
MAX_ENTRIES_PER_KIND: Final = 60_000
"""Entries kept of one kind, so that a flood of one leaves room for the others. A long answer, which is no
flood, has 20,000 deltas."""
MAX_STRING: Final = 64 * 1024
"""Characters kept of one string inside an entry."""
MAX_BODY: Final = 8 * 1024 * 1024
"""Bytes kept of one body beside the journal."""
MAX_BODIES: Final = 128 * 1024 * 1024
"""Bytes kept of all bodies together."""
MAX_TOTAL_BYTES: Final = 96 * 1024 * 1024
"""Bytes kept of all entries together."""


UNKNOWN_KIND: Final = "unknown"
"""What the footer counts something under that claims to be of no kind there is."""

Listener = Callable[[float, AnyEntry], None]
"""Called with time (ms) and content of every entry, before it is masked; must not raise."""


class Clock:
    """The one clock of a session: milliseconds since it began.

    Browser processes report epoch times (``performance.timeOrigin + now()``); they are placed on the same
    scale with :meth:`from_epoch`.
    """

    def __init__(self) -> None:
        self.epoch_ms = time.time() * 1000
        self._origin = time.perf_counter()

    def now(self) -> float:
        """Milliseconds since the session began."""
        return (time.perf_counter() - self._origin) * 1000

    def from_epoch(self, epoch_ms: float) -> float:
        """Place a Unix time in ms on the session's clock."""
        return epoch_ms - self.epoch_ms


class Received(NamedTuple):
    """Lines and bodies as they were received, with every secret in them: never to be written."""

    lines: tuple[bytes, ...]
    bodies: Mapping[str, bytes]


class Journal:
    """Keeps one recording as it was received, and writes it masked.

    Thread-safe; never raises because of what is recorded.

    What was received stays in memory and is what is judged: masking must not change an answer. Each line is
    masked as far as a quick look tells when it is written; on closing, all are rewritten, because a secret
    may become known late, or have come in pieces. Limits are never silent: what was dropped or shortened is
    counted in the footer, and the first time a limit is hit it is an entry of its own. One that is not
    ``is_written`` leaves nothing on disk; of one that is not ``at_once`` nothing but the header is there
    until it is closed, since what can be made again is not lost.
    """

    def __init__(
        self,
        directory: Path,
        redactor: Redactor,
        header: Header,
        *,
        is_written: bool = True,
        at_once: bool = True,
    ) -> None:
        if is_written:
            directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.clock = Clock()
        self.redactor = redactor
        self._lock = threading.Lock()
        self._is_written = is_written
        self._at_once = is_written and at_once
        self._file: BinaryIO | None = (directory / FILE_NAME).open("wb") if is_written else BytesIO()
        self._failure: OSError | None = None
        """Why nothing more can be written, such as a disk that is full."""
        self._encoder = msgspec.json.Encoder()
        self._next = 1
        self._bytes = 0
        self._lines: list[bytes] = []
        self._bodies: dict[str, bytes] = {}
        self._body_bytes = 0
        self._per_kind: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()
        self._shortened: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self.listeners: list[Listener] = []
        epoch_ms = round(self.clock.epoch_ms, 1)
        header = msgspec.structs.replace(header, schema=SCHEMA, epoch_ms=epoch_ms)
        self._write(cleaned(header, longest=MAX_STRING)[0])

    def add(self, entry: AnyEntry, *, t: float | None = None) -> int:
        """Append one entry and return its number, or 0 if a limit dropped it. ``t`` is ms on the clock."""
        number = self._add(entry, t)
        for listener in self.listeners:
            listener(self.clock.now() if t is None else t, entry)
        return number

    def _add(self, entry: AnyEntry, t: float | None) -> int:
        kind = entry.kind
        with self._lock:
            if self._file is None:
                return 0
            full = self._next > MAX_ENTRIES or self._bytes > MAX_TOTAL_BYTES
            if full or self._per_kind[kind] >= MAX_ENTRIES_PER_KIND:
                first = not self._dropped[kind]
                self._dropped[kind] += 1
                if first:
                    self._append(SessionCapped(of=kind), t)
                return 0
            self._per_kind[kind] += 1
            return self._append(entry, t)

    def refuse(self, kind: object) -> None:
        """Count something that a page sent as an entry of some kind, and that is none."""
        with self._lock:
            self._refused[kind if isinstance(kind, str) and kind in KINDS else UNKNOWN_KIND] += 1

    def body(self, name: str, data: bytes) -> BodyReference:
        """Keep a body beside the journal, and say where: an entry refers to it.

        One that comes after the end is not kept, as its entry is not.
        """
        kept = data[: min(MAX_BODY, MAX_BODIES - self._body_bytes)]
        reference = BodyReference(
            file=f"{BODIES_DIR}/{name}", bytes=len(data), truncated=len(data) > len(kept)
        )
        with self._lock:
            if self._file is None:
                return reference
            self._body_bytes += len(kept) - len(self._bodies.get(reference.file, b""))
            self._bodies[reference.file] = kept
        if self._at_once:
            self._on_disk(lambda: self._write_body(reference.file, Streams()))
        return reference

    def received(self) -> Received:
        """The lines and the bodies up to now."""
        with self._lock:
            return Received(tuple(self._lines), dict(self._bodies))

    def learn(self) -> None:
        """Let the redactor know what was received so far: for what is written before the journal is."""
        with self._lock:
            lines, bodies = list(self._lines), list(self._bodies.values())
        for data in (b"\n".join(lines), *bodies):
            self.redactor.learn(data.decode("utf-8", "replace"))

    def close(self, *, finished: bool, t: float | None = None) -> None:
        """End the journal. Only a session that ended gets a footer.

        ``t`` is when it ended, in ms on the clock: a simulation has a time of its own. Raises OSError when
        not everything could be written.
        """
        with self._lock:
            if self._file is None:
                return
            if finished:
                self._write(
                    Footer(
                        t=round(self.clock.now() if t is None else t, 2),
                        entries=self._next - 1,
                        dropped=dict(self._dropped),
                        shortened=dict(self._shortened),
                        refused=dict(self._refused),
                    )
                )
            file, self._file = self._file, None
            self._on_disk(file.close)
            if self._failure is not None:
                with suppress(OSError):
                    file.close()
        if self._is_written:
            self._on_disk(self._write_anew)
        if self._failure is not None:
            raise self._failure

    def _append(self, entry: AnyEntry, t: float | None) -> int:
        number = self._next
        self._next += 1
        data, shortened = cleaned(entry, longest=MAX_STRING)
        if shortened:
            self._shortened[entry.kind] += shortened
        self._write(Entry(n=number, t=round(self.clock.now() if t is None else t, 2), data=data))
        return number

    def _write(self, line: Header | Entry[AnyEntry] | Footer) -> None:
        if self._file is None:
            return
        text = self._encoder.encode(line)
        self._lines.append(text)
        self._bytes += len(text)
        # That a folder cannot be written to shows at the first line.
        if not (self._at_once or isinstance(line, Header)):
            return
        if self.redactor.shows(text.decode()):
            text = self._encoder.encode(masked(line, self.redactor))
        file = self._file
        self._on_disk(lambda: (file.write(text + b"\n"), file.flush()))

    def _on_disk(self, write: Callable[[], object]) -> None:
        """Write something, until nothing more can be written: closing says so, and the session goes on."""
        if self._failure is None:
            try:
                write()
            except OSError as error:
                self._failure = error

    def _write_anew(self) -> None:
        """Write everything again, masked with all that is known at the end."""
        place = self.directory / FILE_NAME
        fresh = place.with_suffix(".fresh")
        streams = Streams()
        try:
            with fresh.open("wb") as file:
                lines = masked_lines(self._lines, self._bodies, self.redactor, streams)
                file.writelines(line + b"\n" for line in lines)
            fresh.replace(place)
        finally:
            fresh.unlink(missing_ok=True)
        for name in self._bodies:
            self._write_body(name, streams)

    def _write_body(self, name: str, streams: Streams) -> None:
        place = self.directory / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(masked_body(self._bodies[name], self.redactor, streams))
