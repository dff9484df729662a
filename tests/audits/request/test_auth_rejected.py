"""Credentials that are refused."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.request.auth_rejected import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, failed, recorded
from tests.recordings import URL

ASKED = {"url": URL, "op": "threads.create", "body": {"type": "threads.create", "params": {}}}


@pytest.mark.parametrize(
    ("auth", "words"),
    [
        ({}, "no credentials at all"),
        ({"authorization": "empty"}, "an empty authorization"),
        ({"authorization": "present"}, "did not accept it"),
    ],
)
def test_what_the_request_carried_is_told(auth: object, words: str) -> None:
    sent = {**ASKED, "auth": auth}
    recording = recorded(exchange(100, body=b"no", status=401, mime="application/json", sent=sent))
    assert words in failing(AUDIT, recording)[0].why


def test_a_refusal_that_the_browser_hides_from_the_page_is_one() -> None:
    hidden = failed(100, error="x", blocked="cors", cors="MissingAllowOriginHeader", hidden=401)
    (failure,) = failing(AUDIT, recorded(hidden))
    assert failure.details["status"] == 401
    assert "no CORS headers" in failure.why


def test_a_bot_protection_is_told_from_the_backend() -> None:
    headers = {"cf-mitigated": "challenge"}
    recording = recorded(exchange(100, body=b"<html>", status=403, mime="text/html", headers=headers))
    assert "bot protection" in failing(AUDIT, recording)[0].why


def test_a_refusal_the_page_made_up_says_so() -> None:
    made_up = Handed(body=b"{}", status=401, mime="application/json")
    recording = recorded(exchange(100, custom=made_up, network=False))
    assert "created this response" in failing(AUDIT, recording)[0].why


def test_other_answers_pass() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good())))
    assert_silent(AUDIT, recorded(exchange(100, body=b"", status=404, mime=None)))


def test_what_the_backend_says_is_quoted() -> None:
    body = b'{"detail": "Token expired"}'
    (failure,) = failing(AUDIT, recorded(exchange(100, body=body, status=401, mime="application/json")))
    assert "Token expired" in failure.why
