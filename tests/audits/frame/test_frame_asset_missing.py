"""Parts of the component that is not available."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.frame.frame_asset_missing import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.frame.frames import asset, document
from tests.audits.page.pages import opening
from tests.recordings import Made, entry, recording, state

UP = state(45, view="start")
"""The chat came up."""


def test_missing_chunks_are_one_failure_with_their_names() -> None:
    missing = [asset("icon-1.js", status=404), asset("lottie-2.js", status=None, error="net::ERR_FAILED")]
    (failure,) = failing(AUDIT, recording(opening(document(), UP, missing)))
    assert "icon-1.js" in failure.why
    assert "2 parts" in failure.why


@pytest.mark.parametrize(
    "well",
    [
        asset("icon-1.js"),
        asset("icon-1.js", status=None, error="net::ERR_ABORTED"),
        asset("photo.png", status=404, kind="image"),
        entry(50, "frame", "frame.stubbed", url="https://cdn.test/icon-1.js", exports=[]),
        entry(50, "frame", "frame.request", url="https://mixpanel.com/x", status=None, error="x", noise=True),
    ],
)
def test_loaded_given_up_stubbed_or_another_cause_is_silent(well: Made) -> None:
    assert_silent(AUDIT, recording(opening(document(), UP, asset("main-style.css", kind="stylesheet"), well)))


def test_a_chunk_that_came_at_the_second_try_is_there() -> None:
    tries = [asset("icon-1.js", 50, status=503), asset("icon-1.js", 60)]
    assert_silent(AUDIT, recording(opening(document(), UP, tries)))


def test_a_chunk_that_the_browser_gave_up_after_a_404_never_came() -> None:
    tries = [
        asset("icon-1.js", 50, status=404),
        asset("icon-1.js", 51, status=None, error="net::ERR_ABORTED"),
    ]
    assert len(failing(AUDIT, recording(opening(document(), UP, tries)))) == 1


def test_a_chunk_of_any_name_that_the_chat_came_up_without_is_no_part_of_its_start() -> None:
    (failure,) = failing(AUDIT, recording(opening(document(), UP, asset("index-abc123.js", status=404))))
    assert "index-abc123.js" in failure.why


def test_what_the_chat_never_came_up_without_is_another_cause() -> None:
    blank = state(45, view="blank")
    assert_silent(AUDIT, recording(opening(document(), blank, asset("index-abc123.js", status=404))))


def test_a_part_that_nothing_crashed_without_explains_no_missing_reply() -> None:
    assert AUDIT.explains == {"turn-crashed", "blank-panel"}
