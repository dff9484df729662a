"""Elements without options."""

from __future__ import annotations

from chatkit_doctor.audits.page.options_never_set import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.page.pages import opening, page
from tests.recordings import recording


def test_a_defined_element_without_options_fails() -> None:
    (failure,) = failing(AUDIT, recording(opening(options=False)))
    assert failure.details["too_early"] is False


def test_a_call_that_came_too_early_is_explained() -> None:
    early = page("error", 12, message="TypeError: element.setOptions is not a function", stack="")
    (failure,) = failing(AUDIT, recording(opening(early, options=False)))
    assert "before" in failure.title


def test_set_options_passes_however_late() -> None:
    late = page("options", 480, options={}, threw=None)
    assert_silent(AUDIT, recording(opening(late, options=False)))


def test_without_the_element_the_question_does_not_arise() -> None:
    assert ask(AUDIT, recording(opening(defined=False, options=False))).status == "not-applicable"
