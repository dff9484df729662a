"""Frames that do not load."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.frame.frame_load_failed import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.frame.frames import asset, document
from tests.audits.page.pages import opening
from tests.recordings import Made, recording, state


@pytest.mark.parametrize("broken", [document(status=403), document(status=None, error="net::ERR_TIMED_OUT")])
def test_a_document_that_fails_is_named(broken: Made) -> None:
    (failure,) = failing(AUDIT, recording(opening(broken)))
    assert failure.details["part"] == "document"


def test_a_403_may_be_a_challenge() -> None:
    assert "challenge" in failing(AUDIT, recording(opening(document(status=403))))[0].why


def test_a_main_bundle_that_fails_is_named() -> None:
    (failure,) = failing(AUDIT, recording(opening(document(), asset("index-abc123.js", status=404))))
    assert failure.details["part"] == "main bundle"


@pytest.mark.parametrize(
    "well",
    [
        [document(), asset("index-abc123.js")],
        [document(status=None, error="net::ERR_ABORTED"), document(80)],
        [document(status=None, error="net::ERR_BLOCKED_BY_RESPONSE")],
        [document(), state(45, view="start"), asset("icon-1.js", status=404)],
        [document(), asset("index-abc123.js", status=404), state(55, view="start")],
        [document(), document(url="https://ads.example/frame", status=500)],
    ],
)
def test_loaded_given_up_or_another_cause_is_silent(well: list[Made]) -> None:
    assert_silent(AUDIT, recording(opening(*well)))


def test_without_a_frame_nobody_knows() -> None:
    assert ask(AUDIT, recording(opening())).status == "not-testable"
