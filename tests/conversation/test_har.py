"""HARs of every flavour come to the same conversation; what they lack is said and never made up."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from chatkit_doctor.conversation import har
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.errors import RecordingError
from tests.chatkit_events import created, done, user
from tests.conversation.made import asked, said, sse

URL: Final = "https://api.example.test/chatkit"
PAGE: Final = "https://app.example.test"
BODY: Final = b"".join(sse([created(), done(user("Grüße"))]))
EVENT_STREAM: Final = "text/event-stream"
Entry = dict[str, Any]


def named(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def entry(
    op: str = "threads.create",
    params: Mapping[str, Any] | None = None,
    *,
    at: str = "10:00:00.000",
    content: Mapping[str, Any] | None = None,
    status: int = 200,
    mime: str = EVENT_STREAM,
    life: str = "one",
    **more: Any,
) -> Entry:
    """An entry as Chrome writes it."""
    sent = {
        "Content-Type": "application/json",
        "Origin": PAGE,
        ":method": "POST",
        "chatkit-frame-instance-id": life,
    }
    text = asked(op, said("Hello") if params is None else params).decode()
    return {
        "startedDateTime": f"2026-01-01T{at}Z",
        "time": 300.0,
        "timings": {"blocked": 1, "dns": -1, "connect": -1, "send": 1, "wait": 98, "receive": 200, "ssl": -1},
        "request": {
            "method": "POST",
            "url": URL,
            "headers": named(sent),
            "postData": {"mimeType": "application/json", "text": text},
        },
        "response": {
            "status": status,
            "headers": named({"Content-Type": mime}),
            "content": dict(content) if content is not None else {"text": BODY.decode(), "mimeType": mime},
            "_transferSize": 500,
        },
        **more,
    }


def read(*entries: Entry, folder: Path | None = None) -> Conversation:
    return har.read({"log": {"version": "1.2", "entries": list(entries)}}, "a.har", folder)


def test_an_entry_is_a_call_with_its_headers_and_times() -> None:
    first = entry("threads.list", {}, content={"text": "{}"}, mime="application/json", at="09:59:59.000")
    found = read(first, entry())
    assert (found.kind, found.source, found.timed) == ("har", "a.har", False)
    call = found.calls[1]
    assert (call.op, call.url, call.status, call.how) == ("threads.create", URL, 200, "finished")
    assert call.request == asked("threads.create", said("Hello"))
    assert call.request_headers["origin"] == PAGE
    assert ":method" not in call.request_headers
    assert call.headers == {"content-type": EVENT_STREAM}
    assert (call.t_ms, call.answered_ms, call.ended_ms) == (1_000, 1_100, 1_300)
    assert [(chunk.t_ms, chunk.data) for chunk in call.chunks] == [(1_300, BODY)]
    assert found.notes == ("a HAR has no timing within a body: how it arrived is unknown",)


@pytest.mark.parametrize(
    "content",
    [
        {"text": BODY.decode(), "mimeType": EVENT_STREAM},
        {"text": base64.b64encode(BODY).decode(), "encoding": "base64", "size": len(BODY)},
    ],
    ids=["text", "base64"],
)
def test_a_body_is_read_however_it_is_written(content: Mapping[str, Any]) -> None:
    assert read(entry(content=content)).calls[0].body == BODY


def test_firefox_writes_local_times_and_no_time_to_receive() -> None:
    zoned = entry(startedDateTime="2026-01-01T11:00:00.500+01:00", timings={"receive": 0})
    found = read(entry("threads.list", {}), zoned)
    assert [call.t_ms for call in found.calls] == [0, 500]
    assert found.calls[1].answered_ms == found.calls[1].ended_ms == 800


def test_playwright_writes_bodies_beside_the_har(tmp_path: Path) -> None:
    (tmp_path / "abc.txt").write_bytes(BODY)
    found = read(entry(content={"_file": "abc.txt", "mimeType": EVENT_STREAM}), folder=tmp_path)
    assert found.calls[0].body == BODY


def test_a_body_is_never_read_from_outside_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("data: secret\n\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(RecordingError):
        read(entry(content={"_file": "../secret.txt"}), folder=inside)


def test_chrome_keeps_events_where_it_keeps_no_body() -> None:
    messages = [
        {"time": 1_767_261_600.1, "eventName": "message", "eventId": "", "data": '{"type": "a"}'},
        {"time": 1_767_261_600.2, "eventName": "delta", "eventId": "7", "data": "one\ntwo"},
    ]
    found = read(entry(content={"size": 0, "mimeType": EVENT_STREAM}, _eventSourceMessages=messages))
    assert found.calls[0].body == b'data: {"type": "a"}\n\nevent: delta\nid: 7\ndata: one\ndata: two\n\n'
    assert any("rebuilt" in note for note in found.notes)


def test_an_answer_without_its_body_is_left_out_and_not_taken_for_an_empty_one() -> None:
    lost = entry("threads.add_user_message", content={"size": 512, "mimeType": EVENT_STREAM})
    found = read(entry(), lost)
    assert [call.op for call in found.calls] == ["threads.create"]
    assert any(note.startswith("1 ChatKit requests were ignored") for note in found.notes)


def test_a_har_without_any_body_says_how_to_record_one_with_them() -> None:
    with pytest.raises(RecordingError) as caught:
        read(entry(content={"size": 512}))
    assert "with content" in caught.value.hint


def test_a_body_that_is_there_and_empty_is_empty() -> None:
    found = read(entry(content={"text": "", "size": 0}))
    assert (found.calls[0].status, found.calls[0].chunks) == (200, ())


def test_a_refusal_needs_no_body() -> None:
    assert read(entry(status=401, content={})).calls[0].status == 401


def test_other_requests_are_left_out_and_counted() -> None:
    document = entry()
    document["request"] = {"method": "GET", "url": PAGE}
    tracked = entry("page.viewed", {})
    found = read(document, tracked, entry())
    assert len(found.calls) == 1
    assert found.notes[0] == "2 of 3 entries are not answered ChatKit requests and were ignored"


def test_a_redirect_is_part_of_the_request_that_follows_it() -> None:
    moved = entry(status=307, content={}, at="09:59:59.900")
    moved["response"]["headers"] = named({"Location": f"{URL}/"})
    assert [call.status for call in read(moved, entry()).calls] == [200]


def test_a_har_without_chatkit_is_refused_with_a_next_step() -> None:
    with pytest.raises(RecordingError) as caught:
        read(entry("page.viewed", {}, content={"text": "{}"}, mime="application/json"))
    assert "none of its 1 entries is a ChatKit request" in caught.value.what
    assert caught.value.hint


def test_a_preflight_goes_with_the_request_that_it_came_before() -> None:
    preflight = entry(at="09:59:59.900", status=204, content={})
    preflight["request"] = {
        "method": "OPTIONS",
        "url": URL,
        "headers": named({"Access-Control-Request-Headers": "content-type"}),
    }
    preflight["response"]["headers"] = named({"Access-Control-Allow-Origin": PAGE})
    found = read(preflight, entry(), entry("threads.add_user_message", at="10:00:01.000"))
    answer = found.calls[0].preflight
    assert answer is not None
    assert (answer.status, answer.asked_headers) == (204, "content-type")
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert found.calls[1].preflight is None
    assert not any("ignored" in note for note in found.notes)


@pytest.mark.parametrize(
    ("status", "error", "how"),
    [
        (200, "net::ERR_INCOMPLETE_CHUNKED_ENCODING", "cut"),
        (200, "net::ERR_ABORTED", "aborted"),
        (0, "net::ERR_FAILED", "cut"),
        (0, "", "cut"),
    ],
)
def test_a_request_that_failed_says_how(status: int, error: str, how: str) -> None:
    failed = entry(status=status)
    failed["response"]["_error"] = error
    call = read(failed).calls[0]
    assert (call.status, call.how) == (status or None, how)
    assert call.error == (error or "there was no response")


def test_what_a_new_life_of_the_component_reads_of_the_same_thread_is_a_reload() -> None:
    thread = {"text": json.dumps({"id": "thr_1"})}
    reading = entry(
        "threads.get_by_id", {"thread_id": "thr_1"}, at="10:01:00.000", life="two", content=thread
    )
    listing = entry("threads.list", {}, at="10:01:00.100", life="two", content={"text": "{}"})
    later = entry("threads.add_user_message", {"thread_id": "thr_1"}, at="10:02:00.000", life="two")
    again = entry("threads.list", {}, at="10:02:01.000", life="two", content={"text": "{}"})
    found = read(again, later, listing, reading, entry())
    assert [(call.op, call.reload) for call in found.calls] == [
        ("threads.create", False),
        ("threads.get_by_id", True),
        ("threads.list", True),
        ("threads.add_user_message", False),
        ("threads.list", False),
    ]


@pytest.mark.parametrize("life", ["one", "two"])
def test_a_thread_that_was_not_streamed_here_is_no_reload(life: str) -> None:
    other = entry(
        "threads.get_by_id", {"thread_id": "thr_9"}, at="10:01:00.000", life=life, content={"text": "{}"}
    )
    assert not any(call.reload for call in read(entry(), other).calls)


@pytest.mark.parametrize(
    "broken",
    [
        {"startedDateTime": "yesterday"},
        {"time": "long", "timings": None},
        {"time": float("nan")},
        {"pageref": 7},
        {"_eventSourceMessages": [None, {}]},
    ],
    ids=str,
)
def test_what_makes_no_sense_beside_the_body_does_no_harm(broken: Mapping[str, Any]) -> None:
    assert read({**entry(), **broken}).calls[0].body == BODY


@pytest.mark.parametrize(
    "document", [{}, {"log": []}, {"log": {"entries": {}}}, {"log": {"entries": [None, 1, {}]}}], ids=str
)
def test_a_har_of_another_shape_is_refused(document: object) -> None:
    with pytest.raises(RecordingError):
        har.read(document, "a.har", None)
