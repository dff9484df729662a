"""Pages in hosted mode that give their client secret, and pages that do not."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.request.client_secret_failed import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.recordings import Made, entry, recording

OPTIONS = entry(10, "page", "page.options", options={"api": {"getClientSecret": "[function]"}})
ENDPOINT = "http://localhost:3000/api/session"
REFUSAL = "ChatKitOptions.api.getClientSecret():\n✖ Invalid client secret format"


def asked(t: float, call: str = "a", *, renews: bool = False) -> Made:
    return entry(t, "request", "secret.asked", call=call, renews=renews)


def request(t: float, status: int | None, error: str = "") -> Made:
    return entry(
        t,
        "request",
        "secret.request",
        call="a",
        url=ENDPOINT,
        method="POST",
        status=status,
        error=error,
    )


def given(t: float, what: str, call: str = "a", **more: object) -> Made:
    return entry(t, "request", "secret.given", call=call, what=what, **more)


def threw(t: float) -> Made:
    return entry(t, "request", "secret.failed", call="a", error="Error: no session: 500")


def turn(begin: float, end: float, limit: str | None = None) -> tuple[Made, Made]:
    return (
        entry(begin, "page", "step.begin", index=1, do="send", turn=1, text="Hello"),
        entry(end, "page", "step.end", index=1, do="send", turn=1, limit=limit, waited_ms=end - begin),
    )


def test_a_page_with_a_backend_of_its_own_is_not_asked() -> None:
    options = entry(10, "page", "page.options", options={"api": {"url": "/chatkit"}})
    assert ask(AUDIT, recording(options)).status == "not-applicable"


def test_a_secret_that_is_given_is_no_failure() -> None:
    assert_silent(AUDIT, recording(OPTIONS, asked(20), request(30, 200), given(40, "text")))


def test_one_that_is_renewed_is_no_failure() -> None:
    renewed = (asked(90, "b", renews=True), given(95, "text", "b"))
    assert_silent(AUDIT, recording(OPTIONS, asked(20), given(40, "text"), *renewed))


def test_the_endpoint_its_status_and_what_was_thrown_are_named() -> None:
    (failure,) = failing(AUDIT, recording(OPTIONS, asked(20), request(30, 500), threw(40)))
    assert failure.title == f"The endpoint for client secrets failed: POST “{ENDPOINT}” was answered with 500"
    assert "getClientSecret threw “Error: no session: 500”" in failure.why
    assert failure.details == {
        "endpoint": ENDPOINT,
        "status": 500,
        "error": "Error: no session: 500",
        "gave": "",
    }


def test_an_endpoint_that_cannot_be_reached_is_named() -> None:
    unreachable = request(30, None, "TypeError: Failed to fetch")
    (failure,) = failing(AUDIT, recording(OPTIONS, asked(20), unreachable, threw(40)))
    assert f"POST “{ENDPOINT}” failed (TypeError: Failed to fetch)" in failure.title


@pytest.mark.parametrize(
    ("what", "words"), [("undefined", "undefined"), ("null", "null"), ("empty", "an empty text")]
)
def test_what_is_given_in_place_of_a_secret_is_named(what: str, words: str) -> None:
    (failure,) = failing(AUDIT, recording(OPTIONS, asked(20), given(40, what)))
    assert f"getClientSecret returned {words}." in failure.why


def test_of_an_object_the_keys_are_named_and_the_right_one_is_advised() -> None:
    answer = given(40, "object", keys=("id", "client_secret"))
    (failure,) = failing(AUDIT, recording(OPTIONS, asked(20), answer))
    assert "an object with the keys id, client_secret" in failure.why
    assert failure.fix.startswith("Return the string in `client_secret`")


def test_a_text_is_no_secret_where_the_component_says_so() -> None:
    refused = entry(50, "component", "component.event", name="error", detail={"error": {"message": REFUSAL}})
    (failure,) = failing(AUDIT, recording(OPTIONS, asked(20), given(40, "text"), refused))
    assert "a string that is not a client secret" in failure.why


def test_the_same_secret_again_is_none_that_is_renewed() -> None:
    again = (asked(90, "b", renews=True), given(95, "text", "b", unchanged=True))
    (failure,) = failing(AUDIT, recording(OPTIONS, asked(20), given(40, "text"), *again))
    assert failure.why.startswith("When ChatKit asked for a new client secret, ")


def test_a_turn_that_reached_its_limit_before_the_secret_came_names_it() -> None:
    begin, end = turn(100, 5_000, "request")
    (failure,) = failing(AUDIT, recording(OPTIONS, asked(20), begin, end))
    assert failure.title == "The page's getClientSecret did not answer in time"


def test_a_turn_that_came_to_its_end_while_a_secret_was_awaited_does_not() -> None:
    begin, end = turn(100, 5_000)
    assert_silent(AUDIT, recording(OPTIONS, asked(20), begin, end))


@pytest.mark.parametrize(
    ("t", "name", "said"),
    [(30, "error", REFUSAL), (50, "error", "boom"), (50, "log", REFUSAL)],
    ids=["before it was given", "of something else", "not as an error"],
)
def test_what_the_component_says_else_refuses_no_secret(t: float, name: str, said: str) -> None:
    told = entry(t, "component", "component.event", name=name, detail={"error": {"message": said}})
    parts = sorted((OPTIONS, asked(20), given(40, "text"), told), key=lambda made: made.t)
    assert_silent(AUDIT, recording(*parts))


@pytest.mark.parametrize(("renews", "expected"), [(True, 1), (False, None)])
def test_one_that_is_renewed_is_of_its_turn(renews: bool, expected: int | None) -> None:
    begin, end = turn(100, 5_000)
    parts = (begin, asked(150, renews=renews), given(160, "undefined"), end)
    (failure,) = failing(AUDIT, recording(OPTIONS, *parts))
    assert failure.turn == expected
