"""Chats that nobody can see."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit_doctor.audits.page.container_not_visible import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.recordings import Made, entry, recording, send, step

WELL = {
    "width": 420,
    "height": 640,
    "in_viewport": True,
    "display": "block",
    "opacity": 1,
    "covered_by": None,
}
OPEN = step(0, "open", index=0, until=90)
SEND = send(100, "Hi", until=900)


def box(t: float = 800, **changed: object) -> Made:
    """A measurement of the element."""
    return entry(t, "paint", "paint.box", **{"at": "settled", **WELL, **changed})


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        ({"culprit": {"element": "div#app", "how": "height: 0px"}}, "div#app"),
        ({"display": "none"}, "none"),
        ({"height": 0}, "420 × 0"),
        ({"opacity": 0.04}, "opacity"),
        ({"covered_by": "div.cookie-banner"}, "div.cookie-banner"),
        ({"in_viewport": False}, "viewport"),
    ],
)
def test_who_hides_it_and_how_is_told(changed: dict[str, Any], how: str) -> None:
    (failure,) = failing(AUDIT, recording(OPEN, SEND, box(**changed)))
    assert how in failure.why


def test_a_faint_chat_that_can_be_made_out_passes() -> None:
    assert_silent(AUDIT, recording(OPEN, SEND, box(opacity=0.06)))


def test_hidden_over_several_steps_is_one_failure() -> None:
    hidden = {"height": 0}
    second = send(1000, "And?", turn=2, until=1900)
    assert len(failing(AUDIT, recording(OPEN, SEND, box(**hidden), second, box(1800, **hidden)))) == 1


def test_in_sight_by_the_end_of_the_step_passes() -> None:
    assert_silent(AUDIT, recording(OPEN, SEND, box(200, height=0), box()))


def test_below_the_fold_before_anything_was_typed_is_well() -> None:
    assert_silent(AUDIT, recording(OPEN, box(50, in_viewport=False), SEND, box()))


def test_without_a_measurement_nobody_knows() -> None:
    assert ask(AUDIT, recording(OPEN, SEND)).status == "not-testable"
