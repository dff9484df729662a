"""Policies that refuse the frame."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.frame.frame_blocked_by_csp import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.frame.frames import CDN, document
from tests.audits.page.pages import opening, page
from tests.recordings import Made, entry, recording

VIOLATION = {"directive": "frame-src", "blocked": CDN, "disposition": "enforce", "where": "page"}


def test_a_violation_of_frame_src_fails() -> None:
    (failure,) = failing(AUDIT, recording(opening(page("csp", 35, **VIOLATION))))
    assert failure.details["directive"] == "frame-src"


def test_a_refused_response_names_the_embedder_policy() -> None:
    headers = {"cross-origin-embedder-policy": "require-corp"}
    isolated = page("document", 6, url="https://app.example/", status=200, headers=headers)
    refused = document(status=None, error="net::ERR_BLOCKED_BY_RESPONSE")
    (failure,) = failing(AUDIT, recording(opening(isolated, refused)))
    assert "require-corp" in failure.why


@pytest.mark.parametrize(
    "other",
    [
        page("csp", 35, **{**VIOLATION, "disposition": "report"}),
        page("csp", 35, **{**VIOLATION, "where": "component"}),
        page("csp", 35, **{**VIOLATION, "blocked": "https://ads.example"}),
        document(status=403),
        entry(35, "frame", "frame.detached", url=CDN),
    ],
)
def test_other_reports_and_failures_are_other_causes(other: Made) -> None:
    assert_silent(AUDIT, recording(opening(other)))
