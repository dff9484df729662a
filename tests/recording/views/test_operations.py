"""What the page's fetch made of each operation: four columns, and where they differ."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from chatkit_doctor.recording.entries import FetchCall, RequestSent
from chatkit_doctor.recording.header import RuntimeInfo
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.operations import Operation, operations
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, recorded, written
from tests.recordings import URL, Made, Part, entry, flat

JSON = "application/json"


def only(*parts: Part) -> Operation:
    """The one operation of a recording."""
    (found,) = operations(recorded(*parts))
    return found


def differences(of: Operation) -> list[tuple[str, str | None, str | None]]:
    """Those of the request, then those of the answer."""
    found = (*of.sent.differences, *of.handed_back.differences)
    return [(each.part, each.before, each.after) for each in found]


def changed(parts: list[Part], **fields: object) -> list[Made]:
    """The same entries with other fields in the request that left."""
    made = flat(parts)
    return [
        replace(each, data=msgspec.structs.replace(each.data, **fields))
        if isinstance(each.data, RequestSent)
        else each
        for each in made
    ]


def without(parts: list[Part], *kinds: str) -> list[Made]:
    """The same entries without those of some kinds."""
    return [each for each in flat(parts) if each.data.kind not in kinds]


def stream(handed: bytes | None = None, **made: Any) -> list[Part]:
    """A streamed turn through the page's own fetch, which hands over these bytes in place of the wire's."""
    return exchange(100, body=good(), custom=Handed(body=handed), **made)


def test_what_is_passed_on_is_the_same_in_all_columns() -> None:
    one = only(stream())
    assert (one.outcome, one.own_fetch, one.requests) == ("same", True, 1)
    assert [one.asked.state, one.sent.state, one.answered.state, one.handed_back.state] == [
        "shown",
        "same",
        "shown",
        "same",
    ]


def test_without_a_fetch_of_the_pages_own_the_browsers_is_looked_at() -> None:
    call = {"call": "g-threads.create-100.0"}
    returned = {"what": "response", "status": 200, "content_type": "text/event-stream", "body_used": False}
    kept = {"file": "bodies/given.txt", "bytes": len(written(good())), "truncated": False}
    read = entry(130, "fetch", "fetch.end", **call, how="finished", size=kept["bytes"], body=kept)
    one = only(
        exchange(100, body=good()),
        entry(110, "fetch", "fetch.returned", **call, **returned),
        replace(read, bodies={"bodies/given.txt": written(good())}),
    )
    assert (one.outcome, one.own_fetch) == ("same", False)


def test_a_rewritten_request_is_told_by_url_and_path() -> None:
    sent = {"op": "", "url": "http://localhost:1/users/7/chat", "body": {"type": "chat", "message": "Hi"}}
    one = only(exchange(100, body=good(), custom=Handed(), params={"thread_id": "t1"}, sent=sent))
    assert one.outcome == "changed"
    assert differences(one) == [
        ("url", URL, "http://localhost:1/users/7/chat"),
        ("$.type", '"threads.create"', '"chat"'),
        ("$.params", '{"thread_id": "t1"}', None),
        ("$.message", None, '"Hi"'),
    ]


def test_members_deep_in_a_body_are_named_by_their_path() -> None:
    params = {"input": {"content": [{"text": "Hi", "n": 1}, {"text": "there"}]}, "my key": 1}
    other = {"input": {"content": [{"text": "Ho", "n": True}]}, "my key": 2}
    body = {"type": "threads.create", "params": other}
    one = only(exchange(100, body=good(), custom=Handed(), params=params, sent={"body": body}))
    assert differences(one) == [
        ("$.params.input.content[0].text", '"Hi"', '"Ho"'),
        ("$.params.input.content[0].n", "1", "true"),
        ("$.params.input.content[1]", '{"text": "there"}', None),
        ('$.params["my key"]', "1", "2"),
    ]


def test_more_differences_than_are_listed_are_counted() -> None:
    params = {f"p{n}": n for n in range(25)}
    body = {"type": "threads.create", "params": {f"p{n}": -n - 1 for n in range(25)}}
    one = only(exchange(100, body=good(), custom=Handed(), params=params, sent={"body": body}))
    assert (len(one.sent.differences), one.sent.left_out) == (20, 5)


def test_headers_are_compared_without_what_a_browser_adds() -> None:
    asked = changed(stream(), headers={"user-agent": "x", "sec-fetch-mode": "cors", "x-app": "demo"})
    one = only(asked)
    assert differences(one) == [("header x-app", None, "demo")]


def test_a_header_the_component_asked_for_and_the_page_dropped_is_told() -> None:
    parts = [
        replace(each, data=msgspec.structs.replace(each.data, headers={"Accept-Language": "en"}))
        if each.data.kind == "request.asked"
        else each
        for each in flat(stream())
    ]
    assert differences(only(parts)) == [("header accept-language", "en", None)]


def test_a_request_without_the_body_that_was_asked_for_has_lost_it() -> None:
    one = only(changed(stream(), method="GET", body=None))
    assert [part for part, _, _ in differences(one)] == ["method", "$"]


def test_a_body_that_was_not_recorded_is_not_the_same() -> None:
    one = only(changed(stream(), body=None))
    assert (one.sent.state, one.sent.note) == ("not-recorded", "Its body was not recorded.")
    assert one.outcome == "not-recorded"


def test_of_a_text_that_was_cut_only_the_beginning_is_compared() -> None:
    body = {"type": "threads.create", "params": {"text": "word word"}}
    cut = {"text": "word… [5 characters more]"}
    one = only(exchange(100, body=good(), custom=Handed(), params=cut, sent={"body": body}))
    assert (one.sent.state, one.sent.differences) == ("not-recorded", ())


def test_an_answer_that_nobody_was_asked_for_is_the_pages() -> None:
    made_up = Handed(mime=JSON)
    one = only(exchange(100, "threads.list", {"data": []}, mime=JSON, custom=made_up, network=False))
    assert (one.outcome, one.requests) == ("answered-by-page", 0)
    assert [one.sent.state, one.answered.state, one.handed_back.state] == ["none", "none", "shown"]
    assert one.handed_back.content is not None
    assert (one.handed_back.content.status, one.handed_back.content.body) == (200, b'{"data": []}')


def test_it_is_not_said_of_a_recording_in_which_requests_may_be_missing() -> None:
    capped = entry(50, "page", "session.capped", of="request.sent")
    made_up = exchange(100, "threads.list", {"data": []}, mime=JSON, custom=Handed(mime=JSON), network=False)
    one = only(capped, made_up)
    assert (one.sent.state, one.outcome) == ("not-recorded", "not-recorded")


def test_a_request_sent_by_another_way_than_fetch_is_told_with_it() -> None:
    parts = [
        each
        for each in changed(stream(), way="xhr")
        if not (isinstance(each.data, FetchCall) and not each.data.custom)
    ]
    one = only(parts)
    assert (one.sent.state, one.sent.note) == ("same", "Sent by XMLHttpRequest.")


def test_a_request_that_is_known_only_from_the_pages_own_call_is_compared_as_far_as_it_is() -> None:
    sent = {"op": "", "url": "http://localhost:1/chat", "body": {"message": "Hi"}}
    parts = without(
        exchange(100, body=good(), custom=Handed(), sent=sent),
        "request.sent",
        "wire.response",
        "wire.chunk",
        "wire.end",
        "sse.parsed",
    )
    one = only(parts)
    assert [part for part, _, _ in differences(one)] == ["url", "$.type", "$.params", "$.message"]
    assert one.answered.state == "not-recorded"
    assert one.handed_back.state == "not-recorded"


@pytest.mark.parametrize(
    ("handed", "told"),
    [
        (good()[:2] + good()[3:], "events from event 3 on: 1 dropped"),
        ([*good(), {"type": "extra"}], f"events from event {len(good()) + 1} on: 1 added"),
        ([{"type": "other"}, *good()[1:]], "events from event 1 on: 1 changed"),
        ([{"type": "other"}, *good()[1:-1]], "events from event 1 on: 1 changed, 1 dropped"),
    ],
)
def test_events_that_were_not_passed_on_as_they_came_are_counted(
    handed: list[dict[str, Any]], told: str
) -> None:
    one = only(stream(written(handed)))
    assert one.outcome == "changed"
    assert [part for part, _, _ in differences(one)] == [told]


def test_the_first_event_that_is_another_is_shown() -> None:
    one = only(exchange(100, body=[{"a": 1}, {"b": 2}], custom=Handed(body=written([{"a": 1}, {"b": 3}]))))
    assert differences(one) == [("events from event 2 on: 1 changed", '{"b": 2}', '{"b": 3}')]


def test_how_events_are_framed_is_no_difference() -> None:
    one = only(stream(b"".join(b": a comment\n\n" + written([each]) for each in good())))
    assert one.outcome == "same"


def test_a_document_is_compared_by_its_members() -> None:
    page = Handed(body=b'{"data": [], "has_more": true}')
    one = only(exchange(100, "threads.list", {"data": [], "has_more": False}, mime=JSON, custom=page))
    assert differences(one) == [("$.has_more", "false", "true")]


def test_another_status_and_content_type_are_told() -> None:
    one = only(exchange(100, body=good(), custom=Handed(status=201, mime=None)))
    assert differences(one) == [("status", "200", "201"), ("content type", "text/event-stream", None)]


def test_an_answer_whose_body_is_known_in_part_is_not_the_same() -> None:
    one = only(stream(written(good()[:3]), how="cut"))
    assert one.handed_back.state == "not-recorded"
    assert one.handed_back.differences == ()


def test_a_broken_stream_that_was_passed_on_as_far_as_it_came_is_the_same() -> None:
    assert only(stream(how="cut")).outcome == "same"


def test_what_is_no_response_is_named() -> None:
    one = only(exchange(100, body=good(), custom=Handed(what="Object")))
    assert differences(one) == [("value", "a Response", "Object")]


def test_a_body_that_was_read_before_it_was_handed_back_is_told() -> None:
    one = only(exchange(100, body=good(), custom=Handed(body_used=True)))
    assert differences(one) == [("body", "unread", "read before it was returned")]


def test_a_rejection_hands_nothing_back() -> None:
    one = only(exchange(100, body=good(), custom=Handed(threw="Error: no token"), network=False))
    assert (one.outcome, one.handed_back.note) == ("nothing-handed-back", "It was rejected: Error: no token")


def test_a_fetch_that_could_not_be_watched_is_not_recorded() -> None:
    parts = without(stream(), "fetch.returned", "fetch.chunk", "fetch.end")
    one = only(parts, entry(500, "fetch", "fetch.unwatched", call="c-threads.create-100", error="frozen"))
    assert (one.handed_back.state, one.outcome) == ("not-recorded", "not-recorded")


def test_of_several_tries_the_latest_counts() -> None:
    one = only(exchange(100, body=b"down", status=500, mime="text/plain", attempts=3))
    assert one.requests == 3
    assert one.answered.content is not None
    assert one.answered.content.status == 500


def test_nobody_saw_what_a_simulated_page_sent() -> None:
    made = recorded(stream())
    header = msgspec.structs.replace(made.header, runtime=RuntimeInfo(name="model", why="a test"))
    assert operations(Recording(header, made.entries, made.footer)) == ()


def test_more_than_is_kept_of_what_went_on_beside_a_call_is_not_known_to_be_nothing() -> None:
    made_up = exchange(100, "threads.list", {"data": []}, mime=JSON, custom=Handed(mime=JSON), network=False)
    one = only(made_up, entry(90, "page", "session.capped", of="request.other"))
    assert (one.sent.state, one.outcome) == ("not-recorded", "not-recorded")


def test_the_same_words_of_the_pages_own_in_two_turns_are_two_requests() -> None:
    words = {"op": "", "url": URL, "body": {"message": "Hi"}}
    first = exchange(100, body=good(), custom=Handed(), sent=words)
    later = exchange(
        900, "threads.add_user_message", good(turn=2), custom=Handed(), sent=words, params={"thread_id": "t1"}
    )
    found = operations(recorded(first, later))
    assert [(each.op, each.requests, each.answered.state) for each in found] == [
        ("threads.create", 1, "shown"),
        ("threads.add_user_message", 1, "shown"),
    ]
