"""Entries about the rendered transcript."""

from __future__ import annotations

from typing import ClassVar, Literal

from chatkit_doctor.recording.entries.entry_data import Count, EntryData, Part
from chatkit_doctor.vocabulary import Layer

View = Literal["blank", "start", "thread"]
"""What the panel shows: nothing, the start screen, or a conversation."""
Speaker = Literal["user", "assistant"]
AlertKind = Literal["error", "notice", "crash"]
"""``crash``: the component's own fallback that replaces a turn."""


class TextDelta(Part, frozen=True):
    """The difference between a text and the previous text of the same element."""

    keep: Count
    """Length of the unchanged beginning, in UTF-16 code units as in browser strings."""
    add: str
    """The text appended to it."""

    def after(self, before: str) -> str:
        """What the element says now, if it said ``before``."""
        kept = before.encode("utf-16-le", "surrogatepass")[: 2 * self.keep]
        return kept.decode("utf-16-le", "replace") + self.add


class DomItem(Part, frozen=True):
    """One item of the transcript."""

    key: str
    """Identifies the DOM element for its lifetime."""
    turn: Speaker | None
    """Whose turn it is in."""
    kind: str
    """What the component marks it as, such as ``assistant-message``."""
    shown: bool = True
    """Whether its styles make it visible."""
    text: TextDelta | None = None
    """Null if the text is unchanged."""
    drawn: bool = False
    """Whether it has no text, but an image, a chart, an icon or a control."""


class DomAlert(Part, frozen=True):
    """A banner."""

    kind: AlertKind
    text: str


class DomEntry(EntryData, frozen=True):
    """Anything about the rendered transcript."""

    layer: ClassVar[Layer] = Layer.DOM


class DomState(DomEntry, frozen=True, tag="dom.state"):
    """The content of the transcript from this time on."""

    by: Literal["frame", "mutation"]
    """``frame``: painted by an animation frame, so that a user could see it; ``mutation``: between frames."""
    view: View
    responding: bool | None
    """Whether the component marks the thread as responding; null if there is no thread."""
    items: tuple[DomItem, ...]
    alerts: tuple[DomAlert, ...]
    composer: bool
    """Whether there is an input field."""


class DomStall(DomEntry, frozen=True, tag="dom.stall"):
    """Until now, the frame painted nothing because its thread or the machine was busy."""

    ms: Count
    """For how long."""
