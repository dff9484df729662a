"""Entries about answers of the backend as they come off the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from chatkit_doctor.recording.entries.entry_data import Count, EntryData, Part
from chatkit_doctor.vocabulary import Layer

BodyEnd = Literal["finished", "cut", "aborted", "open"]
"""How a body ended: normally, by a dropped connection, aborted by the client, or not at all."""


class BodyReference(Part, frozen=True):
    """The location of a body beside the journal."""

    file: str
    """Path within the recording."""
    bytes: Count
    """Size as received."""
    truncated: bool
    """Whether only its beginning was kept."""


class WireEntry(EntryData, frozen=True):
    """Anything about an answer on the network."""

    layer: ClassVar[Layer] = Layer.WIRE


class WireResponse(WireEntry, frozen=True, tag="wire.response"):
    """A response begins: its status and headers."""

    id: str
    op: str
    url: str
    status: Count
    headers: Mapping[str, str]
    """Names in lower case, secrets masked."""
    mime: str
    """The media type as the browser interprets it."""


class WireChunk(WireEntry, frozen=True, tag="wire.chunk"):
    """A chunk of a body, as the network delivered it."""

    id: str
    size: Count
    """In bytes."""
    at: Count
    """Its offset in the body, in bytes."""


class WireEnd(WireEntry, frozen=True, tag="wire.end"):
    """A body ends."""

    id: str
    op: str
    how: BodyEnd
    size: Count
    """Size of the complete body in bytes, as decoded by the browser."""
    body: BodyReference
    error: str | None = None
