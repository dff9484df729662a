"""Options the component refuses."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.page.invalid_options import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.page.pages import opening, page
from tests.recordings import Made, entry, recording

MESSAGE = "ChatKit.create(): ✖ Invalid input\n  → at api.domainKey"


def said(text: str, name: str = "FatalAppError") -> Made:
    """The component's own error event."""
    detail = {"error": {"name": name, "message": text}}
    return entry(40, "component", "component.event", name="error", detail=detail)


@pytest.mark.parametrize(
    "refusal",
    [
        said(MESSAGE),
        entry(
            40, "component", "component.console", level="error", text=f"InvalidFrameParamsError: {MESSAGE}"
        ),
        page("options", 40, options={}, threw={"name": "Error", "message": MESSAGE}),
    ],
)
def test_the_place_of_the_refused_option_is_named(refusal: Made) -> None:
    (failure,) = failing(AUDIT, recording(opening(refusal)))
    assert failure.details["path"] == "api.domainKey"


def test_an_unknown_key_is_named() -> None:
    text = 'ChatKit.create(): ✖ Unrecognised key: "uploadStrategy"\n  → at composer'
    assert '"uploadStrategy"' in failing(AUDIT, recording(opening(said(text))))[0].why


def test_other_errors_are_other_causes() -> None:
    assert_silent(AUDIT, recording(opening(said("boom", "StreamError"))))


def test_a_script_of_hosted_mode_that_cannot_be_had_is_told_alike_and_refuses_nothing() -> None:
    assert_silent(AUDIT, recording(opening(said("Failed to load Sentinel SDK script"))))


def test_without_options_there_is_nothing_to_refuse() -> None:
    assert ask(AUDIT, recording(opening(options=False))).status == "not-applicable"


API = {"url": "/chatkit", "domainKey": "local"}


def test_options_that_are_set_again_in_part_are_a_warning() -> None:
    again = page("options", 50, options={"theme": "dark"}, threw=None)
    (failure,) = failing(
        AUDIT, recording(opening(page("options", 40, options={"api": API}, threw=None), again))
    )
    assert (failure.warns_only, failure.t_ms) == (True, 50)


def test_options_that_are_set_again_whole_are_not() -> None:
    again = page("options", 50, options={"api": API, "theme": "dark"}, threw=None)
    assert_silent(AUDIT, recording(opening(page("options", 40, options={"api": API}, threw=None), again)))
