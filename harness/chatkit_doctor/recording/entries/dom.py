"""Entries about the rendered transcript."""

from __future__ import annotations

from typing import ClassVar, Literal

from chatkit_doctor.recording.entries.entry_data import Count, EntryData, Part
from chatkit_doctor.vocabulary import Layer

View = Literal["blank", "start", "thread"]
"""What the panel shows: nothing, the start screen, or a conversation."""
Speaker = Literal["user", "assistant"]
AlertKind = Literal["error", "notice", "crash"]
"""``crash``: the component's own fallback in place of a turn."""


class TextDelta(Part, frozen=True):
    """How a text differs from what the same element said before."""

    keep: Count
    """How much of the beginning stays, in UTF-16 units as strings have them in the browser."""
    add: str
    """What follows."""

    def after(self, before: str) -> str:
        """What the element says now, if it said ``before``."""
        kept = before.encode("utf-16-le", "surrogatepass")[: 2 * self.keep]
        return kept.decode("utf-16-le", "replace") + self.add


class DomItem(Part, frozen=True):
    """One item of the transcript."""

    key: str
    """Names the element in the DOM for as long as it lives."""
    turn: Speaker | None
    """Whose turn it is in."""
    kind: str
    """What the component marks it as, such as ``assistant-message``."""
    shown: bool = True
    """Whether styles let it be seen."""
    text: TextDelta | None = None
    """Without one the text is unchanged."""
    drawn: bool = False
    """Whether it has no words, and a picture, a chart, an icon or a control."""


class DomAlert(Part, frozen=True):
    """A banner."""

    kind: AlertKind
    text: str


class DomEntry(EntryData, frozen=True):
    """Anything about the rendered transcript."""

    layer: ClassVar[Layer] = Layer.DOM


class DomState(DomEntry, frozen=True, tag="dom.state"):
    """What is in the transcript from now on."""

    by: Literal["frame", "mutation"]
    """``frame``: an animation frame could paint it, and a user see it; ``mutation``: it came in between."""
    view: View
    responding: bool | None
    """Whether the component marks the thread as responding; null where there is no thread."""
    items: tuple[DomItem, ...]
    alerts: tuple[DomAlert, ...]
    composer: bool
    """Whether there is a field to type into."""


class DomStall(DomEntry, frozen=True, tag="dom.stall"):
    """Until now the frame painted nothing, because its thread or the machine had no time."""

    ms: Count
    """For how long."""
