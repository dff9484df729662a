"""The recording on disk: an append-only NDJSON journal with a header and a footer.

Line 1 is the header, every further line is one entry, the last line is the footer. A journal without a
footer is one whose run broke off: it can still be read, and the reader says so.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TextIO

from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.vocabulary import Layer

SCHEMA: Final = 1
"""Version of the journal format; a reader refuses a newer one."""

FILE_NAME: Final = "recording.ndjson"
BODIES_DIR: Final = "bodies"

MAX_ENTRIES: Final = 60_000
"""Entries kept per recording."""
MAX_ENTRIES_PER_KIND: Final = 15_000
"""Entries kept of one kind, so that a flood of one leaves room for the others."""
MAX_STRING: Final = 64 * 1024
"""Characters kept of one string inside an entry."""
MAX_BODY: Final = 8 * 1024 * 1024
"""Bytes kept of one body beside the journal."""
MAX_TOTAL_BYTES: Final = 96 * 1024 * 1024
"""Bytes kept of all entries together."""


Listener = Callable[[float, str, Mapping[str, object]], None]
"""Called with time (ms), kind and data of every entry, before redaction; must not raise."""


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


class Journal:
    """Writes one recording. Thread-safe; never raises because of what is recorded.

    Everything passes the redactor before it is written. Limits are never silent: what was dropped or
    shortened is counted in the footer, and the first time a limit is hit it is an entry of its own.
    """

    def __init__(self, directory: Path, redactor: Redactor, header: Mapping[str, object]) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.clock = Clock()
        self.redactor = redactor
        self._lock = threading.Lock()
        self._file: TextIO | None = (directory / FILE_NAME).open("w", encoding="utf-8")
        self._next = 1
        self._bytes = 0
        self._per_kind: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()
        self._shortened: Counter[str] = Counter()
        self.listeners: list[Listener] = []
        self._write({"kind": "header", "schema": SCHEMA, "epoch_ms": round(self.clock.epoch_ms, 1), **header})

    def add(
        self, layer: Layer | str, kind: str, data: Mapping[str, object], *, t: float | None = None
    ) -> int:
        """Append one entry and return its number, or 0 if a limit dropped it. ``t`` is ms on the clock."""
        number = self._add(layer, kind, data, t)
        for listener in self.listeners:
            listener(self.clock.now() if t is None else t, kind, data)
        return number

    def _add(self, layer: Layer | str, kind: str, data: Mapping[str, object], t: float | None) -> int:
        with self._lock:
            if self._file is None:
                return 0
            full = self._next > MAX_ENTRIES or self._bytes > MAX_TOTAL_BYTES
            if full or self._per_kind[kind] >= MAX_ENTRIES_PER_KIND:
                first = not self._dropped[kind]
                self._dropped[kind] += 1
                if first:
                    self._append(layer, "session.capped", {"of": kind}, None)
                return 0
            self._per_kind[kind] += 1
            return self._append(layer, kind, data, t)

    def body(self, name: str, data: bytes) -> dict[str, object]:
        """Keep a body beside the journal; the description refers to it from an entry.

        Returns ``{file, bytes, truncated}``: the file relative to the recording, the size as it came, and
        whether only its beginning was kept.
        """
        folder = self.directory / BODIES_DIR
        folder.mkdir(exist_ok=True)
        kept = self.redactor.data(data[:MAX_BODY])
        path = folder / name
        path.write_bytes(kept)
        return {
            "file": f"{BODIES_DIR}/{name}",
            "bytes": len(data),
            "truncated": len(data) > MAX_BODY,
        }

    def close(self, *, finished: bool) -> None:
        """End the journal. Only a session that came to its end gets a footer."""
        with self._lock:
            if self._file is None:
                return
            if finished:
                self._write(
                    {
                        "kind": "footer",
                        "t": round(self.clock.now(), 2),
                        "entries": self._next - 1,
                        "dropped": dict(self._dropped),
                        "shortened": dict(self._shortened),
                    }
                )
            self._file.close()
            self._file = None

    def _append(self, layer: Layer | str, kind: str, data: Mapping[str, object], t: float | None) -> int:
        number = self._next
        self._next += 1
        self._write(
            {
                "n": number,
                "t": round(self.clock.now() if t is None else t, 2),
                "layer": str(layer),
                "kind": kind,
                "data": self._shorten(kind, data),
            }
        )
        return number

    def _shorten(self, kind: str, value: object) -> object:
        if isinstance(value, str) and len(value) > MAX_STRING:
            self._shortened[kind] += 1
            return value[:MAX_STRING] + f"… [{len(value) - MAX_STRING} characters more]"
        if isinstance(value, Mapping):
            return {str(k): self._shorten(kind, v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self._shorten(kind, v) for v in value]
        return value

    def _write(self, line: Mapping[str, object]) -> None:
        if self._file is None:
            return
        text = json.dumps(self.redactor.json(line), ensure_ascii=False, default=str, separators=(",", ":"))
        # A lone surrogate is legal in JavaScript strings and not in UTF-8.
        text = text.encode("utf-8", "replace").decode("utf-8")
        self._file.write(text + "\n")
        self._file.flush()
        self._bytes += len(text)
