"""What keeps the chat from being seen, and how much of it does."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chatkit_doctor.audits.out_of_sight import hiding
from chatkit_doctor.recording.entries import Culprit, PaintBox
from chatkit_doctor.recording.views.timeline import Step, timeline
from tests.recordings import recording, send

SEEN = PaintBox(
    at="settled",
    width=420,
    height=640,
    in_viewport=True,
    display="block",
    visibility="visible",
    opacity=1,
)


def look(step: Step | None = None, **changed: Any) -> tuple[str, str] | None:
    """Who hides a box that is in sight but for what is changed, and how."""
    found = hiding(msgspec.structs.replace(SEEN, **changed), step)
    return (found.element, found.how) if found is not None else None


def test_what_is_in_sight_is_hidden_by_nobody() -> None:
    assert look() is None


@pytest.mark.parametrize(
    ("changed", "element", "how"),
    [
        ({"culprit": Culprit(element="div.app", how="height: 0px")}, "div.app", "height: 0px"),
        ({"display": "none"}, "openai-chatkit", "display: none; visibility: visible"),
        ({"visibility": "hidden"}, "openai-chatkit", "display: block; visibility: hidden"),
        ({"visibility": "collapse"}, "openai-chatkit", "display: block; visibility: collapse"),
        ({"height": 1.9}, "openai-chatkit", "420 × 2 px"),
        ({"width": 1.9}, "openai-chatkit", "2 × 640 px"),
        ({"opacity": 0.04}, "openai-chatkit", "opacity: 0.04"),
        ({"covered_by": "div.modal"}, "div.modal", "covers it"),
    ],
)
def test_the_one_to_blame_is_named(changed: dict[str, Any], element: str, how: str) -> None:
    assert look(**changed) == (element, how)


@pytest.mark.parametrize("changed", [{"height": 2}, {"width": 2}, {"opacity": 0.05}, {"opacity": 0.3}])
def test_what_is_small_or_faint_can_still_be_seen(changed: dict[str, Any]) -> None:
    assert look(**changed) is None


def test_below_the_fold_is_out_of_sight_only_once_something_was_typed() -> None:
    (turn,) = timeline(recording(send(0, "Hi", until=100))).turns
    assert look(in_viewport=False) is None
    assert look(turn, in_viewport=False) == ("openai-chatkit", "is outside the viewport")
