"""Operations the backend does not understand."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.request.request_rejected import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, recorded
from tests.recordings import URL


@pytest.mark.parametrize("status", [400, 409, 413, 415, 422])
def test_any_other_4xx_fails_with_the_backends_words(status: int) -> None:
    recording = recorded(exchange(100, body=b"field required", status=status, mime="application/json"))
    assert "field required" in failing(AUDIT, recording)[0].why


def test_too_many_requests_are_told_apart() -> None:
    recording = recorded(exchange(100, body=b"", status=429, mime=None))
    assert "rate limit" in failing(AUDIT, recording)[0].fix


def test_a_404_where_another_operation_works_fails() -> None:
    op = "threads.add_user_message"
    recording = recorded(exchange(100, body=good()), exchange(900, op, b"", status=404, mime=None))
    assert [failure.details["op"] for failure in failing(AUDIT, recording)] == [op]


@pytest.mark.parametrize("status", [200, 401, 403, 404, 405, 500])
def test_other_answers_are_other_causes(status: int) -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=b"x", status=status, mime="text/plain")))


def test_a_refused_rewritten_request_is_the_pages_doing() -> None:
    sent = {"url": URL, "op": "", "body": {"message": "hi"}}
    assert_silent(AUDIT, recorded(exchange(100, body=b"", status=422, mime=None, custom=Handed(), sent=sent)))
