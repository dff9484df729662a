"""Pages without chatkit.js."""

from __future__ import annotations

from chatkit_doctor.audits.page.script_not_loaded import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.page.pages import opening, page, script
from tests.recordings import Part, recording, reloaded, step


def test_a_script_that_is_never_asked_for_fails() -> None:
    (failure,) = failing(AUDIT, recording(opening(defined=False, options=False)))
    assert failure.details["state"] == "not requested"


def test_a_script_that_fails_is_told_with_its_status() -> None:
    broken = script("failed", status=404)
    (failure,) = failing(AUDIT, recording(opening(script("requested"), broken, defined=False, options=False)))
    assert "status 404" in failure.why


def test_a_script_from_elsewhere_that_defines_nothing_is_told_with_its_place() -> None:
    other = script("loaded", src="https://cdn.example/chatkit.js", status=200)
    (failure,) = failing(AUDIT, recording(opening(other, defined=False, options=False)))
    assert "cdn.example" in failure.why


def test_a_script_that_comes_late_is_well() -> None:
    late = page("element", 450, state="defined", count=1)
    assert_silent(AUDIT, recording(opening(script("loaded", 440, status=200), late, defined=False)))


def test_a_refused_script_is_another_cause() -> None:
    blocked = script("blocked", reason="csp")
    assert_silent(AUDIT, recording(opening(blocked, defined=False, options=False)))


def test_a_reloaded_page_without_it_fails_as_well() -> None:
    assert len(failing(AUDIT, recording(opening(), reloaded(600)))) == 1


def test_a_page_that_was_not_served_says_nothing_about_its_script() -> None:
    served: list[Part] = [
        step(0, "open", index=0, until=500),
        page("document", 5, url="x", status=500),
    ]
    assert ask(AUDIT, recording(served)).status == "not-testable"


def test_a_page_that_opens_well_passes() -> None:
    assert_silent(AUDIT, recording(opening()))
