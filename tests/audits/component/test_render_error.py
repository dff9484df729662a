"""Turns the component cannot render."""

from __future__ import annotations

from chatkit_doctor.audits.component.render_error import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.recordings import Made, Part, entry, recording, reply, send, state, user

SEND: list[Part] = [
    send(0, "Hi", until=900),
    entry(5, "component", "component.event", name="response.start", detail=None),
]
SHOWN = state(90, user(1, "Hi"), reply(2, "Hello"))


def console(text: str, t: float = 100) -> Made:
    """An error in the console."""
    data = {"level": "error", "text": text, "where": "component", "url": "", "noise": False}
    return entry(t, "component", "component.console", **data)


def thrown(text: str, t: float = 100) -> Made:
    """An uncaught error of the frame."""
    return entry(t, "component", "component.error", message=text, stack="")


def test_a_caught_error_fails_with_its_own_words() -> None:
    lines = [
        console("TypeError: e is not iterable\n  at x"),
        console("Error rendering thread items in turn {}", 101),
    ]
    (failure,) = failing(AUDIT, recording(SEND, SHOWN, lines))
    assert failure.details == {"error": "TypeError: e is not iterable", "panel": False}


def test_a_request_that_failed_beside_an_empty_panel_is_no_rendering() -> None:
    failed = thrown("TypeError: Failed to fetch")
    assert_silent(AUDIT, recording(SEND, SHOWN, failed, state(110, view="blank")))


def test_an_uncaught_error_that_empties_the_panel_fails() -> None:
    crash = thrown("TypeError: i.content.every is not a function")
    (failure,) = failing(AUDIT, recording(SEND, SHOWN, crash, state(110, view="blank")))
    assert failure.details["panel"] is True


def test_an_uncaught_error_that_leaves_the_panel_alone_is_none() -> None:
    assert_silent(AUDIT, recording(SEND, SHOWN, thrown("TypeError: x"), state(110, user(1, "Hi"))))


def test_a_panel_that_goes_blank_long_after_has_another_reason() -> None:
    assert_silent(AUDIT, recording(SEND, SHOWN, thrown("TypeError: x"), state(3000, view="blank")))


def test_errors_of_handling_are_another_cause() -> None:
    assert_silent(AUDIT, recording(SEND, SHOWN, console("Error handling thread event TypeError: x")))
