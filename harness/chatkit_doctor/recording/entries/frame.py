"""Entries about the component's frame: its document, what it loads, and its end."""

from __future__ import annotations

from typing import ClassVar

from chatkit_doctor.recording.entries.entry_data import Count, EntryData
from chatkit_doctor.vocabulary import Layer


class FrameEntry(EntryData, frozen=True):
    """Anything about the component's frame."""

    layer: ClassVar[Layer] = Layer.FRAME


class FrameLoad(FrameEntry, frozen=True):
    """Something that the frame loads, and what came of it."""

    url: str
    """Without the fragment, which carries the options."""
    status: Count | None
    """HTTP status of the response."""
    error: str
    """Why there is no response; empty if there is one."""

    @property
    def bare_url(self) -> str:
        """The URL without query and fragment."""
        return self.url.partition("#")[0].partition("?")[0]

    @property
    def has_error_status(self) -> bool:
        """Whether it was answered with an error."""
        return self.status is not None and self.status >= 400


class FrameDocument(FrameLoad, frozen=True, tag="frame.document"):
    """The frame's document was received, or was not available."""


class FrameAsset(FrameLoad, frozen=True, tag="frame.asset"):
    """A script, style sheet, font or image of the frame was received, or was not available."""

    type: str
    """``script``, ``stylesheet``, ``font``, ``image`` or ``media``."""
    bytes: Count | None
    """Size according to its header, if present."""
    mime: str


class FrameRequest(FrameLoad, frozen=True, tag="frame.request"):
    """Any other request of the frame was answered, or failed."""

    method: str
    noise: bool
    """Whether it is telemetry, which no chat depends on."""
    body: str | None = None
    """The response body, for the check of the page's domain."""


class FrameStubbed(FrameEntry, frozen=True, tag="frame.stubbed"):
    """The snapshot lacks a chunk of the component, and served an empty module instead."""

    url: str
    exports: tuple[str, ...]
    """The names that the empty module exports."""


class FrameDetached(FrameEntry, frozen=True, tag="frame.detached"):
    """The frame was removed from the page."""

    url: str
