"""Where a page's fetch rewrites the requests, a HAR is read by the event streams that answer them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from chatkit_doctor.conversation import har
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.errors import RecordingError
from tests.chatkit_events import created, done, good, reply, user
from tests.conversation.made import judged, sse
from tests.conversation.test_har import EVENT_STREAM, Entry, entry, named

CHAT: Final = "http://localhost:3000/api/chat"
GOOD: Final = b"".join(sse(good()))
LATER: Final = b"".join(sse(good(turn=2)))
RESPONSES: Final = b"".join(
    sse(
        [
            created(),
            {"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}},
            {"type": "response.output_text.delta", "item_id": "i", "delta": "Hello"},
            {"type": "response.completed", "response": {"id": "resp_1", "status": "completed"}},
        ]
    )
)


def asked_otherwise(
    body: bytes | None,
    *,
    url: str = CHAT,
    method: str = "POST",
    at: str = "10:00:00.000",
    sent: Mapping[str, Any] | None = None,
    mime: str = EVENT_STREAM,
    status: int = 200,
) -> Entry:
    """An entry whose request is the page's own; None is a body that the HAR does not hold."""
    made = entry(at=at, mime=mime, status=status, content={} if body is None else {"text": body.decode()})
    made["request"] = {"method": method, "url": url, "headers": named({"Content-Type": "application/json"})}
    if method == "POST":
        made["request"]["postData"] = {"text": json.dumps({"message": "Hello"} if sent is None else sent)}
    return made


def page_itself() -> Entry:
    return asked_otherwise(b"<html></html>", url="http://localhost:3000/chat", method="GET", mime="text/html")


def read(*entries: Entry, op: str | None = None, match: str | None = None) -> Conversation:
    return har.read({"log": {"entries": list(entries)}}, "a.har", None, op=op, match=match)


def ops(found: Conversation) -> list[str]:
    return [call.op for call in found.calls]


def noted(found: Conversation) -> str:
    (note,) = (note for note in found.notes if "not ChatKit's own" in note)
    return note


def test_an_event_stream_is_read_whatever_was_asked() -> None:
    found = read(page_itself(), asked_otherwise(GOOD))
    (call,) = found.calls
    assert (call.op, call.url, call.status, call.body) == ("threads.create", CHAT, 200, GOOD)
    assert json.loads(call.request) == {"message": "Hello"}
    assert f"POST {CHAT}" in noted(found)


def test_what_the_backend_speaks_is_told_as_from_the_component_s_own_request(tmp_path: Path) -> None:
    report = judged(read(page_itself(), asked_otherwise(RESPONSES)), tmp_path)
    assert report.cause is not None
    assert (report.verdict, report.cause.id) == ("fail", "wrong-dialect")


def test_two_good_turns_pass(tmp_path: Path) -> None:
    turns = [asked_otherwise(GOOD), asked_otherwise(LATER, at="10:00:05.000")]
    assert judged(read(*turns), tmp_path).verdict == "pass"


def test_a_stream_that_announces_no_thread_is_a_later_turn_of_one_that_is_known() -> None:
    turns = [asked_otherwise(GOOD), asked_otherwise(LATER, at="10:00:05.000")]
    assert ops(read(*turns)) == ["threads.create", "threads.add_user_message"]


def test_as_long_as_no_thread_is_known_the_component_creates_one() -> None:
    turns = [asked_otherwise(LATER), asked_otherwise(LATER, at="10:00:05.000")]
    assert ops(read(*turns)) == ["threads.create", "threads.create"]


def test_a_thread_that_is_announced_again_is_the_same_one() -> None:
    turns = [asked_otherwise(GOOD), asked_otherwise(GOOD, at="10:00:05.000")]
    assert ops(read(*turns)) == ["threads.create", "threads.add_user_message"]


def test_another_thread_is_a_new_one() -> None:
    other = b"".join(sse([created("thr_2"), done(user()), done(reply())]))
    turns = [asked_otherwise(GOOD), asked_otherwise(other, at="10:00:05.000")]
    assert ops(read(*turns)) == ["threads.create", "threads.create"]


def test_after_a_thread_was_read_a_stream_is_a_later_turn_of_it() -> None:
    reading = entry("threads.get_by_id", {"thread_id": "thr_1"}, content={"text": "{}"})
    found = read(reading, asked_otherwise(LATER, at="10:00:05.000"))
    assert ops(found) == ["threads.get_by_id", "threads.add_user_message"]


def test_a_request_that_still_names_its_operation_is_taken_at_its_word() -> None:
    sent = {"action": "threads.add_user_message", "text": "Hello"}
    assert ops(read(asked_otherwise(LATER, sent=sent))) == ["threads.add_user_message"]


def test_the_operation_that_is_named_counts() -> None:
    assert ops(read(asked_otherwise(LATER), op="threads.add_user_message")) == ["threads.add_user_message"]


def test_a_failure_at_the_same_endpoint_belongs_to_the_conversation() -> None:
    failed = asked_otherwise(b"oh no", at="10:00:05.000", mime="text/plain", status=500)
    assert [call.status for call in read(asked_otherwise(GOOD), failed).calls] == [200, 500]


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (GOOD, "text/plain"),
        (GOOD, "application/json"),
        (b'{"type": "thread.created", "thread": {"id": "thr_1"}}\n', "application/x-ndjson"),
    ],
)
def test_a_body_of_events_is_known_under_a_wrong_type(body: bytes, mime: str) -> None:
    (call,) = read(page_itself(), asked_otherwise(body, mime=mime)).calls
    assert (call.headers["content-type"], call.body) == (mime, body)


def test_events_that_chrome_noted_are_a_stream() -> None:
    noted_only = asked_otherwise(None) | {"_eventSourceMessages": [{"data": '{"type": "thread.created"}'}]}
    assert read(noted_only).calls[0].body == b'data: {"type": "thread.created"}\n\n'


HMR: Final = asked_otherwise(
    b'data: {"action":"sync"}\n\n', url="http://localhost:3000/_next/hmr?page=1", method="GET"
)
TITLES: Final = asked_otherwise(b'data: {"title":"Hi"}\n\n', url="http://localhost:3000/api/titles")


@pytest.mark.parametrize("other", [HMR, TITLES], ids=["development-server", "another-stream"])
def test_of_several_streams_the_chat_is_taken_and_the_others_are_named(other: Entry) -> None:
    found = read(other, asked_otherwise(RESPONSES, at="10:00:05.000"))
    assert [call.url for call in found.calls] == [CHAT]
    taken, _, left = noted(found).partition("ignored")
    assert f"POST {CHAT}" in taken
    assert other["request"]["url"].partition("?")[0] in left


def test_of_two_chats_both_are_taken() -> None:
    second = asked_otherwise(GOOD, url="http://localhost:3000/api/chat/7", at="10:00:05.000")
    assert len(read(asked_otherwise(GOOD), second).calls) == 2


def test_where_chatkit_asks_in_its_own_words_other_streams_are_left_alone() -> None:
    found = read(entry(), asked_otherwise(GOOD, at="10:00:05.000"))
    assert [call.url for call in found.calls] == [entry()["request"]["url"]]
    assert f"event streams ignored: POST {CHAT} (see --match)" in found.notes


def test_a_match_says_which_are_meant() -> None:
    assert [call.url for call in read(entry(), asked_otherwise(GOOD), match="/api/chat").calls] == [CHAT]


def test_a_match_takes_what_is_no_stream_at_all() -> None:
    failed = asked_otherwise(b'{"detail": "no"}', mime="application/json", status=422)
    (call,) = read(page_itself(), failed, match="/api/chat").calls
    assert (call.status, call.op) == (422, "threads.create")


def test_what_was_only_got_is_never_taken_for_a_message() -> None:
    with pytest.raises(RecordingError):
        read(page_itself(), match="localhost")


def test_a_har_with_nothing_of_chatkit_tells_what_it_holds_and_how_to_go_on() -> None:
    failed = asked_otherwise(b'{"detail": "no"}', mime="application/json", status=422)
    with pytest.raises(RecordingError) as caught:
        read(page_itself(), failed)
    assert "2 to localhost:3000 (text/html, application/json)" in caught.value.what
    assert "--match" in caught.value.hint


def test_a_match_of_nothing_tells_what_there_is() -> None:
    with pytest.raises(RecordingError) as caught:
        read(page_itself(), asked_otherwise(GOOD), match="/other")
    assert "matches --match /other" in caught.value.what
    assert "localhost:3000 (text/html, text/event-stream)" in caught.value.what


def test_streams_that_were_saved_without_content_are_told_as_that() -> None:
    with pytest.raises(RecordingError, match="without content, and 2 response bodies are missing"):
        read(asked_otherwise(None), asked_otherwise(None, at="10:00:05.000"))


def test_a_refusal_of_what_a_page_made_of_the_request_is_laid_on_the_rewriting(tmp_path: Path) -> None:
    failed = asked_otherwise(b'{"detail": "type missing"}', mime="application/json", status=422)
    report = judged(read(failed, match="/api/chat"), tmp_path)
    assert report.cause is not None
    assert (report.verdict, report.cause.id) == ("fail", "request-rewritten")
    evidence = " ".join(each.text for each in report.cause.evidence)
    assert "with the keys message" in evidence
    assert [each.id for each in report.causes] == ["request-rewritten"]


def test_a_refusal_of_the_component_s_own_request_is_the_backend_s(tmp_path: Path) -> None:
    refused = entry(status=422, mime="application/json", content={"text": "{}"})
    report = judged(read(refused), tmp_path)
    assert report.cause is not None
    assert report.cause.id == "request-rejected"
