"""Domains that are not on the allowlist."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.frame.domain_not_verified import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.frame.frames import breakdown, check, refusal
from tests.audits.page.pages import opening
from tests.recordings import Part, recording


@pytest.mark.parametrize(
    "parts",
    [
        [check(body='{"verified": false}')],
        [check(body="{}")],
        [check(status=404)],
        [check(), refusal()],
        [refusal()],
    ],
)
def test_an_answer_of_no_fails_with_the_host(parts: list[Part]) -> None:
    (failure,) = failing(AUDIT, recording(opening(*parts)))
    assert failure.details["host"] == "app.example"


@pytest.mark.parametrize(
    "parts", [[check(body='{"verified": true}')], [check()], [check(status=503), breakdown()]]
)
def test_yes_no_answer_or_an_unrecorded_one_is_silent(parts: list[Part]) -> None:
    assert_silent(AUDIT, recording(opening(*parts)))


def test_on_localhost_there_is_no_check() -> None:
    assert ask(AUDIT, recording(opening())).status == "not-applicable"
