"""Errors the backend reports."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.backend_error_event import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import answered
from tests.chatkit_events import Event, created, done, good, user


def test_an_exception_in_respond_sends_to_the_log() -> None:
    (failure,) = failing(
        AUDIT, answered([created(), done(user()), {"type": "error", "code": "stream.error"}])
    )
    assert "log" in failure.why


def test_words_for_the_person_are_quoted() -> None:
    error = {"type": "error", "code": "custom", "message": "Over quota"}
    (failure,) = failing(AUDIT, answered([created(), done(user()), error]))
    assert failure.details["message"] == "Over quota"
    assert "Over quota" in failure.why


@pytest.mark.parametrize(
    "fields",
    [
        {"error": "Over quota"},
        {"error": {"message": "Over quota", "type": "insufficient_quota"}},
        {"errorText": "Over quota"},
        {"detail": [{"loc": ["body"], "msg": "Over quota"}]},
        {"code": "custom", "data": {"error": "Over quota"}},
    ],
)
def test_words_in_another_field_are_quoted(fields: Event) -> None:
    (failure,) = failing(AUDIT, answered([created(), done(user()), {"type": "error", **fields}]))
    assert failure.details["message"] == "Over quota"


@pytest.mark.parametrize(
    ("fields", "shows"),
    [
        ({}, "a banner"),
        ({"code": "stream.error"}, "a banner"),
        ({"code": "rate_limited", "message": "Over quota"}, "a banner"),
        ({"code": "rate_limited"}, "nothing"),
        ({"code": "rate_limited", "detail": "Over quota"}, "nothing"),
        ({"code": ["rate_limited"]}, "nothing"),
    ],
)
def test_what_chatkit_shows_of_it_is_told(fields: Event, shows: str) -> None:
    (failure,) = failing(AUDIT, answered([created(), done(user()), {"type": "error", **fields}]))
    assert f"shows {shows}" in failure.why


def test_an_error_that_comes_first_counts_too() -> None:
    assert failing(AUDIT, answered([{"type": "error"}]))


def test_a_good_turn_passes() -> None:
    assert_silent(AUDIT, answered(good()))
