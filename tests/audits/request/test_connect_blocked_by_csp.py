"""Requests the page's own policy refuses."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.request.connect_blocked_by_csp import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import exchange, failed, recorded
from tests.recordings import URL, Made, entry


def violation(directive: str = "connect-src", blocked: str = URL, **more: str) -> Made:
    """One report of the policy."""
    data = {"directive": directive, "blocked": blocked, "disposition": "enforce", "where": "page", **more}
    return entry(103, "page", "page.csp", **data)


def test_a_refused_backend_fails_with_its_origin() -> None:
    (failure,) = failing(AUDIT, recorded(failed(100, error="net::ERR_FAILED"), violation()))
    assert "http://localhost:1" in failure.fix


def test_the_browsers_own_reason_is_enough() -> None:
    assert failing(AUDIT, recorded(failed(100, error="x", blocked="csp")))


@pytest.mark.parametrize(
    "other",
    [
        violation(blocked="https://telemetry.example"),
        violation(disposition="report"),
        violation(where="component"),
        violation("img-src"),
    ],
)
def test_other_reports_are_noise(other: Made) -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good()), other))
