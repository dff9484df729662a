"""Whether a user could see the element, by the last look at its box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chatkit_doctor.recording.entries import PaintBox
from chatkit_doctor.recording.views.timeline import Step

SMALLEST_PX: Final = 2.0
"""A box below this in either direction shows nothing."""
FAINTEST: Final = 0.05
"""Opacity below which nothing can be made out."""

_ELEMENT: Final = "openai-chatkit"


@dataclass(frozen=True, slots=True)
class Hiding:
    """What keeps the chat from being seen: the element to blame, how it does so, and both as a sentence."""

    element: str
    how: str
    sentence: str


def hiding(box: PaintBox, step: Step | None) -> Hiding | None:
    """What keeps the chat from being seen at the end of a step; None when it can be seen."""
    size = f"{box.width:.0f} × {box.height:.0f} px"
    if box.culprit is not None:
        element, how = box.culprit.element, box.culprit.how
        return Hiding(element, how, f"{element} has {how}")
    if box.display == "none" or box.visibility in {"hidden", "collapse"}:
        how = f"display: {box.display}; visibility: {box.visibility}"
        return Hiding(_ELEMENT, how, f"display is {box.display}, visibility {box.visibility}")
    if min(box.width, box.height) < SMALLEST_PX:
        return Hiding(_ELEMENT, size, f"its box is {size}")
    if box.opacity < FAINTEST:
        return Hiding(_ELEMENT, f"opacity: {box.opacity}", f"its opacity is {box.opacity}")
    if box.covered_by:
        return Hiding(box.covered_by, "covers it", f"it is covered by {box.covered_by}")
    # Before anything was typed the chat may be below the fold; typing scrolls it into view.
    if step is not None and step.turn is not None and not box.in_viewport:
        return Hiding(_ELEMENT, "is outside the viewport", "it is outside the viewport")
    return None
