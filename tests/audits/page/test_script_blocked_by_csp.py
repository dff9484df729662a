"""Policies that refuse chatkit.js."""

from __future__ import annotations

from chatkit_doctor.audits.page.script_blocked_by_csp import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.page.pages import SCRIPT, opening, page, script
from tests.recordings import recording

VIOLATION = {"directive": "script-src-elem", "blocked": SCRIPT, "disposition": "enforce", "where": "page"}


def test_a_violation_fails_with_its_directive() -> None:
    broken = opening(page("csp", 20, **VIOLATION), defined=False, options=False)
    (failure,) = failing(AUDIT, recording(broken))
    assert failure.details["directive"] == "script-src-elem"


def test_a_blocked_script_is_enough() -> None:
    assert failing(AUDIT, recording(opening(script("blocked", reason="csp"), defined=False, options=False)))


def test_the_violation_says_more_than_the_blocked_script_whichever_comes_first() -> None:
    seen = [script("blocked", 20, reason="csp"), page("csp", 25, **VIOLATION)]
    (failure,) = failing(AUDIT, recording(opening(*seen, defined=False, options=False)))
    assert failure.details["directive"] == "script-src-elem"


def test_a_report_and_another_script_are_noise() -> None:
    report = page("csp", 20, **{**VIOLATION, "disposition": "report"})
    other = page("csp", 21, **{**VIOLATION, "blocked": "https://ads.example/a.js"})
    assert_silent(AUDIT, recording(opening(report, other, defined=False, options=False)))


def test_a_violation_after_which_the_element_is_there_is_no_cause() -> None:
    assert_silent(AUDIT, recording(opening(page("csp", 8, **VIOLATION))))
