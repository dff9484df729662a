"""Entries about the page's fetch: what it was requested, and what it handed to the component."""

from __future__ import annotations

from typing import ClassVar, Literal

from chatkit_doctor.recording.entries.entry_data import Count, EntryData
from chatkit_doctor.recording.entries.wire import BodyReference
from chatkit_doctor.vocabulary import Layer

ReadEnd = Literal["finished", "failed", "cancelled"]
"""How the component's reading of a body ended."""


class FetchEntry(EntryData, frozen=True):
    """Anything about a call of fetch in the page."""

    call: str
    """Identifies the call in all its entries."""

    layer: ClassVar[Layer] = Layer.FETCH


class FetchCall(FetchEntry, frozen=True, tag="fetch.call"):
    """A fetch is called on behalf of the component."""

    custom: bool
    """Whether it is the page's own ``api.fetch`` rather than the browser's."""
    url: str
    method: str
    op: str
    body: object


class FetchReturned(FetchEntry, frozen=True, tag="fetch.returned"):
    """What a fetch returned."""

    what: str
    """``response``, or the type of what was returned instead."""
    status: Count | None = None
    content_type: str | None = None
    body_used: bool | None = None
    """Whether the body had been read before it was handed over."""
    url: str = ""


class FetchChunk(FetchEntry, frozen=True, tag="fetch.chunk"):
    """A chunk of the body, as the component read it."""

    size: Count
    """In bytes."""


class FetchEnd(FetchEntry, frozen=True, tag="fetch.end"):
    """The component's reading of the body ends."""

    how: ReadEnd
    size: Count
    """Number of bytes read."""
    body: BodyReference
    error: str | None = None


class FetchThrew(FetchEntry, frozen=True, tag="fetch.threw"):
    """A fetch threw, or its promise was rejected."""

    error: str


class FetchUnwatched(FetchEntry, frozen=True, tag="fetch.unwatched"):
    """The return value of a fetch could not be observed; nothing more is known about this call."""

    error: str
