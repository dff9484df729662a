"""Checks of the domain that cannot be made."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.frame.domain_check_unreachable import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.frame.frames import breakdown, check, refusal
from tests.audits.page.pages import opening
from tests.recordings import Part, recording


@pytest.mark.parametrize(
    ("parts", "confidence"),
    [
        ([check(status=None, error="net::ERR_FAILED")], "likely"),
        ([check(status=503)], "likely"),
        ([check(status=None, error="net::ERR_FAILED"), breakdown()], "certain"),
        ([breakdown()], "certain"),
    ],
)
def test_a_check_without_an_answer_fails(parts: list[Part], confidence: str) -> None:
    assert failing(AUDIT, recording(opening(*parts)))[0].confidence == confidence


@pytest.mark.parametrize(
    "parts", [[check(body='{"verified": true}')], [check(body='{"verified": false}')], [refusal()], []]
)
def test_an_answer_or_no_check_at_all_is_silent(parts: list[Part]) -> None:
    assert_silent(AUDIT, recording(opening(*parts)))
