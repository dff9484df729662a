"""The sentence in which an event reports an error."""

from __future__ import annotations

import pytest

from chatkit_doctor.protocol.told_errors import told_error


@pytest.mark.parametrize(
    "event",
    [
        {"error": "Over quota"},
        {"error": {"message": "Over quota", "code": 429}},
        {"error": True, "message": "Over quota"},
        {"errors": [{"msg": "Over quota"}]},
        {"detail": "Over quota"},
        {"type": "error", "errorText": "Over quota"},
        {"type": "response.failed", "response": {"error": {"message": "Over quota"}}},
        {"type": "run_failed", "text": "Over quota"},
        {"last_error": {"code": "rate_limit", "message": "Over quota"}},
    ],
)
def test_it_is_found_in_any_form(event: dict[str, object]) -> None:
    assert told_error(event) == "Over quota"


def test_the_stream_s_own_name_tells_too() -> None:
    assert told_error({"message": "Over quota"}, name="error") == "Over quota"


@pytest.mark.parametrize(
    "event",
    [
        {"message": "Hello"},
        {"type": "response.created", "response": {"error": None, "text": "x"}},
        {"type": "done", "error": False},
        {"type": "status", "error": ""},
        {},
    ],
)
def test_what_is_no_error_is_none(event: dict[str, object]) -> None:
    assert told_error(event) == ""


def test_a_code_is_better_than_nothing() -> None:
    assert told_error({"error": {"code": "rate_limited"}}) == "rate_limited"


def test_an_endless_nest_is_no_sentence() -> None:
    value: dict[str, object] = {}
    value["error"] = value
    assert isinstance(told_error(value), str)
