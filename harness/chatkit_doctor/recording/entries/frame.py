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
    """Without the fragment, in which the options travel."""
    status: Count | None
    """HTTP status of the answer."""
    error: str
    """Why there is no answer; empty where there is one."""

    @property
    def bare_url(self) -> str:
        """The URL without query and fragment."""
        return self.url.partition("#")[0].partition("?")[0]

    @property
    def has_error_status(self) -> bool:
        """Whether it was answered with an error."""
        return self.status is not None and self.status >= 400


class FrameDocument(FrameLoad, frozen=True, tag="frame.document"):
    """The frame's document was answered, or was not available."""


class FrameAsset(FrameLoad, frozen=True, tag="frame.asset"):
    """A script, style, font or picture of the frame was answered, or was not available."""

    type: str
    """``script``, ``stylesheet``, ``font``, ``image`` or ``media``."""
    bytes: Count | None
    """Its size by its header, where it tells."""
    mime: str


class FrameRequest(FrameLoad, frozen=True, tag="frame.request"):
    """Any other request of the frame was answered, or could not be."""

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
