"""Threads that cannot be read back."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.persistence.thread_read_failed import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.persistence.reads import JSON, STORED, read_back, thread
from tests.chatkit_events import good, reply, user, without
from tests.conversations import Handed, exchange, failed, recorded
from tests.recordings import URL


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        (None, ""),
        (b"<html>", ""),
        ({"thread": thread(STORED)}, "items"),
        ({"id": "thr_1", "messages": []}, "items"),
        (thread([], items=STORED), "items"),
        (thread([without(user(), "attachments")]), "items.data[0].attachments"),
        (thread([user(), reply(content="text")]), "items.data[1].content"),
    ],
)
def test_a_shape_the_component_cannot_read_fails_with_the_place(answer: object, path: str) -> None:
    assert [failure.details["path"] for failure in failing(AUDIT, read_back(answer))] == [path]


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_refusal_fails(status: int) -> None:
    assert failing(AUDIT, read_back({}, status=status))[0].details["status"] == status


@pytest.mark.parametrize(
    ("answer", "status"),
    [({"detail": "not yours"}, 403), (b"not yours", 200), ({"error": {"message": "not yours"}}, 200)],
)
def test_what_was_answered_is_quoted(answer: object, status: int) -> None:
    (failure,) = failing(AUDIT, read_back(answer, status=status))
    assert "not yours" in failure.why


def test_a_failed_request_fails() -> None:
    assert failing(AUDIT, recorded(failed(100, "items.list", error="net::ERR_FAILED")))


@pytest.mark.parametrize(
    ("blocked", "cors"), [("cors", "MissingAllowOriginHeader"), ("csp", "")], ids=["cors", "csp"]
)
def test_what_the_browser_let_nobody_see_is_no_thread_that_cannot_be_read(blocked: str, cors: str) -> None:
    parts = failed(100, "threads.get_by_id", error="net::ERR_FAILED", blocked=blocked, cors=cors)
    assert_silent(AUDIT, recorded(parts))


@pytest.mark.parametrize(
    "answer",
    [
        thread(STORED),
        without(thread(STORED), "created_at", "status"),
        thread(STORED, created_at=1_700_000_000, id=7),
        thread([], items={"data": STORED}),
    ],
)
def test_what_the_component_reads_passes(answer: object) -> None:
    assert_silent(AUDIT, read_back(answer))


def test_without_a_reading_there_is_nothing_to_judge() -> None:
    assert ask(AUDIT, recorded(exchange(100, body=good()))).status == "not-applicable"


@pytest.mark.parametrize(
    ("status", "said", "words"),
    [
        (500, b"Internal Server Error", ["log", "store"]),
        (500, b"TypeError: can't compare offset-naive and offset-aware datetimes", ["zone"]),
        (500, b"TypeError: Thread() got multiple values for keyword argument 'items'", ["ThreadMetadata"]),
        (404, b"", ["restart"]),
        (401, b"", ["credentials"]),
        (422, b"", ["threads.get_by_id"]),
    ],
)
def test_what_to_do_about_a_refusal_is_not_to_change_the_shape_of_json(
    status: int, said: bytes, words: list[str]
) -> None:
    (failure,) = failing(AUDIT, read_back(said, status=status))
    assert all(word in failure.fix for word in words)
    assert "annotations" not in failure.fix
    assert said.decode() in failure.why


def test_a_reading_that_the_page_rewrote_is_not_laid_to_the_backend() -> None:
    sent = {"url": URL, "op": "", "body": {"message": "", "conversation_id": 223}}
    asked = exchange(100, "threads.get_by_id", b"", status=422, mime=JSON, custom=Handed(), sent=sent)
    (failure,) = failing(AUDIT, recorded(asked))
    assert "the page's own fetch changed the body" in failure.why.lower()
    assert "options.api.fetch" in failure.fix


def test_a_wrong_shape_is_told_of_as_one() -> None:
    (failure,) = failing(AUDIT, read_back({"id": "thr_1", "messages": []}))
    assert failure.fix == ""
    assert "application/json" in AUDIT.fix
