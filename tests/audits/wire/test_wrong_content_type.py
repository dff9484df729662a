"""Streams that are labelled as something else."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.wire.wrong_content_type import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.chatkit_events import good
from tests.conversations import STREAM, Handed, exchange, recorded
from tests.recordings import URL


@pytest.mark.parametrize("mime", ["text/plain", "application/json", "application/x-ndjson", None])
def test_any_other_type_fails(mime: str | None) -> None:
    (failure,) = failing(AUDIT, recorded(exchange(100, body=b"data: {}\n\n", mime=mime, attempts=2)))
    assert (failure.details["content_type"], failure.details["attempts"]) == (mime or "", 2)


def test_the_component_minds_the_case_of_the_name() -> None:
    (failure,) = failing(AUDIT, recorded(exchange(100, body=good(), mime="Text/Event-Stream")))
    assert "case-sensitive" in failure.why


def test_a_good_stream_under_a_wrong_label_is_told_from_a_wrong_stream() -> None:
    (good_stream,) = failing(AUDIT, recorded(exchange(100, body=good(), mime="text/plain")))
    assert "itself is a stream of events" in good_stream.why
    (foreign,) = failing(AUDIT, recorded(exchange(100, body=b'0:"Hello"\n', mime="text/plain")))
    assert foreign.details["dialect"] == "vercel-ai"


def test_a_json_answer_is_shown_by_its_beginning() -> None:
    recording = recorded(exchange(100, body={"id": "thr_1"}, mime="application/json"))
    assert "thr_1" in failing(AUDIT, recording)[0].why


@pytest.mark.parametrize("mime", [STREAM, f"{STREAM}; charset=utf-8", f"{STREAM};charset=UTF-8"])
def test_an_event_stream_passes_with_any_parameters(mime: str) -> None:
    recording = recorded(exchange(100, body=b"data: {}\n\n", mime=mime))
    assert_silent(AUDIT, recording)


def test_a_page_an_empty_body_and_an_error_are_other_causes() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=b"<html>", mime="text/html")))
    assert_silent(AUDIT, recorded(exchange(100, body=b"", mime="application/json")))
    assert_silent(AUDIT, recorded(exchange(100, body=b"x", mime="text/plain", status=500)))


def test_a_json_answer_to_a_request_the_page_has_changed_is_the_pages_doing() -> None:
    sent = {"url": URL, "op": "", "body": {"message": "hi"}}
    assert_silent(
        AUDIT,
        recorded(exchange(100, body={"reply": "x"}, mime="application/json", custom=Handed(), sent=sent)),
    )


def test_a_body_that_was_given_up_at_its_headers_is_not_empty() -> None:
    assert failing(AUDIT, recorded(exchange(100, body=b"", mime="text/plain", how="aborted")))


def test_a_page_that_mends_the_label_passes() -> None:
    assert_silent(AUDIT, recorded(exchange(100, body=good(), mime="text/plain", custom=Handed(mime=STREAM))))


def test_operations_that_do_not_stream_are_not_asked() -> None:
    lists = exchange(50, "threads.list", {"data": []}, mime="application/json")
    assert_silent(AUDIT, recorded(lists, exchange(100, body=good())))
