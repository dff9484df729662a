"""Entries about server-sent events: on the wire, and as the component's own parser reads them."""

from __future__ import annotations

from typing import ClassVar

from chatkit_doctor.recording.entries.entry_data import Count, EntryData
from chatkit_doctor.vocabulary import Layer


class SseEntry(EntryData, frozen=True):
    """Anything about server-sent events."""

    layer: ClassVar[Layer] = Layer.SSE


class SseParsed(SseEntry, frozen=True, tag="sse.parsed"):
    """An event on the wire, as parsed by this tool."""

    id: str
    """The request that it responds to."""
    index: Count
    """Number of the event in its stream, from 0."""
    event: str
    """The ``event:`` field; empty if there is none."""
    data: str
    at: Count
    """Offset of the event in the body, in bytes."""
    terminated: bool = True
    """Whether its terminating blank line arrived."""


class SsePosted(SseEntry, frozen=True, tag="sse.posted"):
    """An event as the component's own parser handed it to the frame."""

    nonce: str
    """The component's own name for the request."""
    data: str
