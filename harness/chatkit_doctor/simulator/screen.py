"""The simulated component's screen, written as ``dom.state`` entries.

A state that no animation frame catches is recorded as one that nobody saw, as the probe in the real
component's frame does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from chatkit_doctor.component.picture import Element, Picture
from chatkit_doctor.recording.entries import DomState
from chatkit_doctor.recording.entries.dom import DomAlert, DomItem, TextDelta

FRAME_MS: Final = 16.0
"""The time between two animation frames."""

WriteState = Callable[[DomState, float], object]
"""Takes a state and its time in ms."""


@dataclass(slots=True)
class Screen:
    """Writes pictures, each where it differs from the one before."""

    write: WriteState
    _pending: tuple[float, Picture] | None = None
    _written: Picture | None = None
    _texts: dict[str, str] = field(default_factory=dict)

    def show(self, picture: Picture, t: float) -> None:
        """From this moment (ms) on the screen looks like this."""
        if self._pending is not None:
            since, before = self._pending
            if picture == before:
                return
            if (frame := _next_frame(since)) < t:
                self._write(before, frame, seen=True)
            elif not _only_says_more(before, picture):
                self._write(before, since, seen=False)
        self._pending = (t, picture)

    def rest(self) -> Picture | None:
        """Nothing changes for a while: what is there is seen. Returns it."""
        if self._pending is None:
            return None
        since, picture = self._pending
        self._write(picture, _next_frame(since), seen=True)
        return picture

    def _write(self, picture: Picture, t: float, *, seen: bool) -> None:
        if picture == self._written:
            return
        if seen:
            self._written = picture
        state = DomState(
            by="frame" if seen else "mutation",
            view=picture.view,
            responding=picture.responding,
            items=tuple(self._item(element) for element in picture.elements),
            alerts=tuple(DomAlert(kind=alert.kind, text=alert.text) for alert in picture.alerts),
            composer=picture.view != "blank" or picture.responding is not None,
        )
        self._texts = {element.key: element.text for element in picture.elements}
        self.write(state, t)

    def _item(self, element: Element) -> DomItem:
        text = self._delta(element)
        return DomItem(key=element.key, turn=element.turn, kind=element.kind, text=text, drawn=element.drawn)

    def _delta(self, element: Element) -> TextDelta | None:
        before = self._texts.get(element.key)
        if before == element.text:
            return None
        keep = len(before) if before is not None and element.text.startswith(before) else 0
        # The reader counts UTF-16 units, as strings do in the browser.
        units = len(element.text[:keep].encode("utf-16-le", "surrogatepass")) // 2
        return TextDelta(keep=units, add=element.text[keep:])


def _next_frame(t: float) -> float:
    """The first animation frame from a moment on."""
    return math.ceil(t / FRAME_MS) * FRAME_MS


def _only_says_more(before: Picture, after: Picture) -> bool:
    """Whether only texts differ: what is between two frames of a growing text is not worth an entry."""
    same = (before.view, before.responding, before.alerts) == (after.view, after.responding, after.alerts)
    keys = [element.key for element in before.elements]
    return same and keys == [element.key for element in after.elements]
