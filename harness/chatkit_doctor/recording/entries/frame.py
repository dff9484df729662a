"""Entries about the component's frame: its document, what it loads, and its end."""

from __future__ import annotations

from typing import ClassVar

from chatkit_doctor.recording.entries.entry_data import Count, EntryData
from chatkit_doctor.vocabulary import Layer


class FrameEntry(EntryData, frozen=True):
    """Anything about the component's frame."""

    layer: ClassVar[Layer] = Layer.FRAME


class FrameDocument(FrameEntry, frozen=True, tag="frame.document"):
    """The frame's document was answered, or could not be had."""

    url: str
    """Without the fragment, in which the options travel."""
    status: Count | None
    error: str
    """Why there is no answer; empty where there is one."""


class FrameAsset(FrameEntry, frozen=True, tag="frame.asset"):
    """A script, style, font or picture of the frame was answered, or could not be had."""

    url: str
    status: Count | None
    error: str
    type: str
    """``script``, ``stylesheet``, ``font``, ``image`` or ``media``."""
    bytes: Count | None
    """Its size by its header, where it tells."""
    mime: str


class FrameRequest(FrameEntry, frozen=True, tag="frame.request"):
    """Any other request of the frame was answered, or could not be."""

    url: str
    status: Count | None
    error: str
    method: str
    noise: bool
    """Whether it is telemetry, on which no chat depends."""
    body: str | None = None
    """The answer, for the check of the page's domain."""


class FrameStubbed(FrameEntry, frozen=True, tag="frame.stubbed"):
    """The snapshot lacks a chunk of the component, and answered with an empty module."""

    url: str
    exports: tuple[str, ...]
    """The names that the empty module exports."""


class FrameDetached(FrameEntry, frozen=True, tag="frame.detached"):
    """The frame was removed from the page."""

    url: str
