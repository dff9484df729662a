"""Parts of the component that cannot be had."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.frame.frame_asset_missing import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.frame.frames import asset, document
from tests.audits.page.pages import opening
from tests.recordings import Made, entry, recording


def test_missing_chunks_are_one_failure_with_their_names() -> None:
    missing = [asset("icon-1.js", status=404), asset("lottie-2.js", status=None, error="net::ERR_FAILED")]
    (failure,) = failing(AUDIT, recording(opening(document(), missing)))
    assert "icon-1.js" in failure.why
    assert "2 parts" in failure.why


@pytest.mark.parametrize(
    "well",
    [
        asset("icon-1.js"),
        asset("index-abc123.js", status=404),
        asset("icon-1.js", status=None, error="net::ERR_ABORTED"),
        asset("photo.png", status=404, kind="image"),
        entry(50, "frame", "frame.stubbed", url="https://cdn.test/icon-1.js", exports=[]),
        entry(50, "frame", "frame.request", url="https://mixpanel.com/x", status=None, error="x", noise=True),
    ],
)
def test_loaded_given_up_stubbed_or_another_cause_is_silent(well: Made) -> None:
    assert_silent(AUDIT, recording(opening(document(), asset("main-style.css", kind="stylesheet"), well)))


def test_a_chunk_that_came_at_the_second_try_is_there() -> None:
    tries = [asset("icon-1.js", 50, status=503), asset("icon-1.js", 60)]
    assert_silent(AUDIT, recording(opening(document(), tries)))
