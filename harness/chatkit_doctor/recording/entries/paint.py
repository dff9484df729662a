"""Entries about the pixels: whether a user could see the element, and what it looked like."""

from __future__ import annotations

from typing import ClassVar, Final, Literal

from chatkit_doctor.recording.entries.entry_data import EntryData, Number, Part
from chatkit_doctor.vocabulary import Layer

Moment = Literal["start", "settled", "end"]
"""When the page is examined: as soon as the chat is ready, after a turn, at the end of the session."""

FRAME_MS: Final = 17.0
"""A frame of the browser. What is reported as painted can be in one whose time is that much earlier."""


class Culprit(Part, frozen=True):
    """The element that hides its content."""

    element: str
    """As a CSS selector."""
    how: str
    """The declarations that hide it."""


class PaintEntry(EntryData, frozen=True):
    """Anything about the pixels."""

    layer: ClassVar[Layer] = Layer.PAINT


class PaintBox(PaintEntry, frozen=True, tag="paint.box"):
    """The box of the element, and whether it is visible."""

    at: Moment
    width: Number
    """In CSS pixels."""
    height: Number
    """In CSS pixels."""
    in_viewport: bool
    """Whether any of it is within the viewport."""
    display: str
    visibility: str
    opacity: Number
    covered_by: str | None = None
    """The element that covers most of it, as a CSS selector."""
    culprit: Culprit | None = None


class PaintScreenshot(PaintEntry, frozen=True, tag="paint.screenshot"):
    """A picture of the viewport."""

    name: str
    why: str
    file: str
    """Path within the recording; if nothing had changed, the path of an earlier screenshot."""


class PaintFrame(PaintEntry, frozen=True, tag="paint.frame"):
    """A picture of the film: what a viewport showed just before it changed, or while a text grew.

    Its time is that of the browser's own frame. It is written when the session is over: until then it is not
    known which pictures stand next to a change.
    """

    file: str
    """Path within the recording."""
    width: Number
    """Of the viewport, in CSS pixels; the picture itself may be smaller."""
    height: Number
    """Of the viewport, in CSS pixels."""
