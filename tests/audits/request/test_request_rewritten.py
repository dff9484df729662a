"""Requests the page has changed."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.request.request_rejected import AUDIT as REJECTED
from chatkit_doctor.audits.request.request_rewritten import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import STREAM, Handed, exchange, recorded, written
from tests.recordings import URL, Part

ASKED = {"url": URL, "op": "threads.create", "body": {"type": "threads.create", "params": {}}}
BODY = {"url": URL, "op": "", "body": {"message": "hi"}}


@pytest.mark.parametrize(
    ("sent", "status", "changed"),
    [
        (BODY, 422, ["body"]),
        (BODY, 500, ["body"]),
        ({**ASKED, "method": "GET"}, 405, ["method"]),
        ({**ASKED, "url": "http://localhost:1/elsewhere"}, 404, ["URL"]),
    ],
)
def test_a_change_the_backend_refuses_fails(sent: dict[str, object], status: int, changed: list[str]) -> None:
    recording = recorded(
        exchange(100, body=b"no", status=status, mime="text/plain", custom=Handed(), sent=sent)
    )
    assert failing(AUDIT, recording)[0].details["changed"] == changed


def test_a_body_that_was_recorded_as_text_is_the_one_it_says() -> None:
    sent = {**ASKED, "body": '{"params": {}, "type": "threads.create"}'}
    assert_silent(
        AUDIT, recorded(exchange(100, body=b"no", status=422, mime="text/plain", custom=Handed(), sent=sent))
    )


def test_what_the_backend_says_is_quoted() -> None:
    recording = recorded(
        exchange(100, body=b"type missing", status=422, mime="text/plain", sent=BODY, custom=Handed())
    )
    assert "type missing" in failing(AUDIT, recording)[0].why


def test_a_json_answer_to_a_changed_request_is_a_refusal_to_stream() -> None:
    recording = recorded(
        exchange(100, body={"reply": "x"}, mime="application/json", custom=Handed(), sent=BODY)
    )
    assert "did not respond with a stream" in failing(AUDIT, recording)[0].why


def test_a_page_that_makes_a_stream_of_the_answer_has_a_backend_of_its_own() -> None:
    corrected = Handed(mime=STREAM, body=written(good()))
    recording = recorded(
        exchange(100, body={"reply": "x"}, mime="application/json", custom=corrected, sent=BODY)
    )
    assert_silent(AUDIT, recording)


def test_a_backend_that_takes_the_changed_request_is_made_for_it() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good(), custom=Handed(), sent=BODY)))


@pytest.mark.parametrize(("sent", "status"), [(BODY, 401), (BODY, 404), (None, 422)])
def test_other_refusals_are_other_causes(sent: dict[str, object] | None, status: int) -> None:
    assert_silent(
        AUDIT, recorded(exchange(100, body=b"", status=status, mime="text/plain", custom=Handed(), sent=sent))
    )


def refused(t: float, status: int) -> list[Part]:
    """A changed request and its refusal."""
    sent = {**BODY, "body": {"message": "and?"}}
    return exchange(t, body=b"no", status=status, mime="text/plain", custom=Handed(), sent=sent)


def test_a_backend_that_fails_at_what_it_streamed_for_before_is_made_for_it() -> None:
    streamed = exchange(100, body=good(), custom=Handed(), sent=BODY)
    assert_silent(AUDIT, recorded(streamed, refused(900, 500)))
    assert len(failing(AUDIT, recorded(streamed, refused(900, 422)))) == 1


def test_too_many_requests_are_too_many_whatever_they_say() -> None:
    assert_silent(AUDIT, recorded(refused(100, 429)))
    assert failing(REJECTED, recorded(refused(100, 429)))[0].details["status"] == 429
