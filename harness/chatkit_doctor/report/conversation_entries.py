"""The entries of a recording as they stand in its journal, as many as a document has room for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from chatkit_doctor.recording.entries import (
    AnyEntry,
    Entry,
    FetchChunk,
    SseParsed,
    SsePosted,
    WireChunk,
)
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.safe_text import printable

MOST_BYTES: Final = 4_000_000
"""Bytes of all entries that are kept."""
LONGEST: Final = 20_000
"""Bytes of one entry; a longer one is left to the journal."""

_BULK: Final = (WireChunk, FetchChunk, SseParsed, SsePosted)
"""What there is most of, and what says least by itself: events stand in the raw stream, too."""


def kept_entries(recording: Recording, first: Iterable[int] = ()) -> dict[str, msgspec.Raw]:
    """The entries by their number, as JSON. Those with the numbers in ``first`` before all others."""
    wanted = set(first)
    ranked = sorted(recording.entries, key=lambda entry: (_rank(entry, wanted), entry.n))
    kept: dict[str, msgspec.Raw] = {}
    left = MOST_BYTES
    for entry in ranked:
        document = printable(msgspec.json.encode(entry).decode()).encode()
        if len(document) > LONGEST:
            continue
        left -= len(document)
        if left < 0:
            break
        kept[str(entry.n)] = msgspec.Raw(document)
    return kept


def _rank(entry: Entry[AnyEntry], wanted: set[int]) -> int:
    if entry.n in wanted:
        return 0
    return 2 if isinstance(entry.data, _BULK) else 1
