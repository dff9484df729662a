"""Events the component stumbles over."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.component.handler_error import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.recordings import Made, Part, entry, recording, send

SEND: list[Part] = [
    send(0, "Hi", until=900),
    entry(5, "component", "component.event", name="response.start", detail=None),
]
TEXT = "Error handling thread event Error: Expected undefined to be output_text\n    at x"


def line(text: str = TEXT, t: float = 100, **changed: object) -> Made:
    """A line of the console."""
    data = {"level": "error", "text": text, "where": "component", "url": "", "noise": False, **changed}
    return entry(t, "component", "component.console", **data)


def test_an_error_in_the_console_fails_in_its_turn() -> None:
    (failure,) = failing(AUDIT, recording(SEND, line(), line(t=110)))
    assert (failure.turn, failure.details["count"]) == (1, 2)


def test_a_known_error_is_explained() -> None:
    assert "content part that was never added" in failing(AUDIT, recording(SEND, line()))[0].why


def test_different_errors_are_different_failures() -> None:
    other = line("Error handling thread event TypeError: x is undefined")
    assert len(failing(AUDIT, recording(SEND, line(), other))) == 2


@pytest.mark.parametrize(
    "other",
    [line("Failed to fetch"), line(level="warning"), line(noise=True), line("Error rendering thread items")],
)
def test_other_lines_are_silent(other: Made) -> None:
    assert_silent(AUDIT, recording(SEND, other))
