"""What each repair makes of a stream with the fault that it undoes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

import pytest

from chatkit_doctor.conversation.conversation import Call, Chunk
from chatkit_doctor.conversation.cors import handed_over, refusal
from chatkit_doctor.repairs.registry import REPAIRS
from tests.chatkit_events import (
    Event,
    added,
    created,
    delta,
    done,
    good,
    part,
    part_done,
    removed,
    reply,
    streamed,
    updated,
    user,
    without,
)
from tests.conversation.made import answered, conversation, first, later, read_back, sse
from tests.repairs.bodies import events, mended

GOOD: Final = [created(), done(user()), done(reply())]
BARE_DELTA: Final = {
    "type": "assistant_message.content_part.text_delta",
    "item_id": "a1",
    "content_index": 0,
    "delta": "Good",
}
UNANNOUNCED: Final = reply(content=[], created_at="2026-01-01T00:00:00+00:00")
SHAPELESS: Final = done(reply(content=[{"type": "text", "text": "Hi."}]))
SHAPED: Final = done(reply(content=[{"type": "output_text", "text": "Hi.", "annotations": []}]))
WHOLE: Final = done(reply("First this.", "c1"))
BEGUN: Final = [created(), done(user()), added(reply(content=[])), part(), delta("Good "), delta("day.")]


@pytest.mark.parametrize(
    ("cause", "sent", "wanted"),
    [
        ("thread-created-late", [GOOD[1], GOOD[0], GOOD[2]], GOOD),
        ("thread-created-late", [GOOD[0], GOOD[1], GOOD[0], GOOD[2]], GOOD),
        ("item-removed", [*GOOD, removed("a1")], GOOD),
        ("item-not-wrapped", [GOOD[0], GOOD[1], reply()], GOOD),
        ("item-not-wrapped", [*BEGUN[:4], BARE_DELTA], [*BEGUN[:4], updated(without(BARE_DELTA, "item_id"))]),
        ("item-never-done", BEGUN, [*BEGUN, done(reply("Good day."))]),
        ("empty-reply", [*BEGUN, done(reply(content=[]))], [*BEGUN, done(reply("Good day."))]),
        ("item-id-mismatch", [*BEGUN[:4], delta("Good", "b1")], [*BEGUN[:4], delta("Good")]),
        ("item-id-mismatch", [*BEGUN[:2], *BEGUN[3:]], [*BEGUN[:2], added(UNANNOUNCED), *BEGUN[3:]]),
        ("item-id-mismatch", [*BEGUN, done(reply("Hi.", "b1"))], [*BEGUN, done(reply("Hi."))]),
        (
            "item-id-mismatch",
            [*BEGUN[:2], WHOLE, *BEGUN[2:], done(reply("Hi.", "b1"))],
            [*BEGUN[:2], WHOLE, *BEGUN[2:], done(reply("Hi."))],
        ),
        ("invalid-event", [GOOD[0], GOOD[1], SHAPELESS], [GOOD[0], GOOD[1], SHAPED]),
        (
            "invalid-event",
            [GOOD[0], done(without(user(), "attachments")), GOOD[2]],
            GOOD,
        ),
        ("unknown-event", [*GOOD[:2], {**GOOD[2], "type": "thread.item.completed"}], GOOD),
        ("unknown-event", [GOOD[0], GOOD[1], {"item": reply()}], GOOD),
        ("thread-id-mismatch", [*GOOD[:2], created("thr_9"), GOOD[2]], GOOD),
        (
            "item-id-collision",
            [*GOOD, added(reply("Two", content=[])), done(reply("Two"))],
            [*GOOD, added(reply("Two", "a1_2", content=[])), done(reply("Two", "a1_2"))],
        ),
    ],
)
def test_the_events_of_a_stream(cause: str, sent: list[Event], wanted: list[Event]) -> None:
    assert events(mended(cause, conversation(first(sent))).calls[0]) == wanted


def test_a_thread_is_announced_under_the_name_that_its_items_give_it() -> None:
    first_event, *rest = events(mended("thread-created-missing", conversation(first(GOOD[1:]))).calls[0])
    assert (first_event["type"], first_event["thread"]["id"]) == ("thread.created", "thr_1")
    assert rest == GOOD[1:]


def test_the_message_is_confirmed_in_the_words_of_the_request() -> None:
    sent = events(mended("user-item-missing", conversation(first([GOOD[0], GOOD[2]], text="Hi?"))).calls[0])
    assert [sent[0], sent[2]] == [GOOD[0], GOOD[2]]
    item = sent[1]["item"]
    assert (item["type"], item["content"]) == ("user_message", [{"type": "input_text", "text": "Hi?"}])


def test_an_id_of_an_earlier_turn_is_changed_wherever_the_later_item_is_named() -> None:
    talk = conversation(first(good()), later([done(user("And?", "u2")), *streamed("More.", "a1")]))
    made = mended("item-id-collision", talk)
    assert made.calls[0] is talk.calls[0]
    assert events(made.calls[1]) == [done(user("And?", "u2")), *streamed("More.", "a1_2")]


RESPONSES: Final[list[Event]] = [
    {"type": "response.created", "response": {"id": "r"}},
    {"type": "response.output_text.delta", "item_id": "m", "content_index": 0, "delta": "Good day."},
    {"type": "response.completed", "response": {"id": "r", "output": []}},
]


def test_another_protocol_is_translated_with_what_a_stream_begins_with() -> None:
    sent = events(mended("wrong-dialect", conversation(first(RESPONSES))).calls[0])
    assert [event["type"] for event in sent] == [
        "thread.created",
        "thread.item.done",
        "thread.item.added",
        "thread.item.updated",
        "thread.item.updated",
        "thread.item.updated",
        "thread.item.done",
    ]
    assert sent[-1]["item"]["content"] == [{"type": "output_text", "text": "Good day.", "annotations": []}]


def test_a_reply_in_another_protocol_is_translated_and_nothing_else_is_added() -> None:
    sent = events(mended("wrong-dialect", conversation(first([done(user()), *RESPONSES]))).calls[0])
    kinds = [event["type"] for event in sent]
    assert "thread.created" not in kinds
    assert sent[-1]["item"]["content"][0]["text"] == "Good day."


def body(cause: str, raw: bytes) -> list[Event]:
    """The events of a repaired body."""
    return events(mended(cause, conversation(first(raw))).calls[0])


@pytest.mark.parametrize(
    ("cause", "raw"),
    [
        ("sse-bad-framing", b"".join(json.dumps(event).encode() + b"\n" for event in GOOD)),
        ("sse-bad-framing", b"".join(sse(GOOD)).replace(b"\n\n", b"\n")),
        ("sse-bad-framing", b"".join(sse(GOOD)).replace(b"data: ", b"data: data: ")),
        ("sse-bad-framing", b"".join(sse(GOOD)).rstrip()),
        ("sse-double-encoded", b"".join(f"data: {json.dumps(json.dumps(e))}\n\n".encode() for e in GOOD)),
        ("sse-bad-json", b"".join(f"data: {e!r}\n\n".encode() for e in GOOD)),
        ("sse-done-marker", b"".join(sse(GOOD)) + b"data: [DONE]\n\n"),
    ],
)
def test_what_a_body_was_meant_to_say(cause: str, raw: bytes) -> None:
    assert body(cause, raw) == GOOD


def test_what_was_cut_off_inside_a_document_stays_unread() -> None:
    raw = b"".join(sse(GOOD))[:-20]
    talk = conversation(first(raw))
    assert mended("sse-bad-framing", talk) is talk
    assert mended("sse-bad-json", talk) is talk


def test_an_answer_is_labelled_and_its_repetitions_are_left_out() -> None:
    plain = {"content-type": "text/plain"}
    talk = conversation(*(first(GOOD, headers=plain, how="aborted", t=t) for t in (0.0, 1_500.0, 5_000.0)))
    (call,) = mended("wrong-content-type", talk).calls
    assert (call.headers["content-type"], call.how, events(call)) == ("text/event-stream", "finished", GOOD)


def test_a_stream_that_stays_open_ends_with_its_last_piece() -> None:
    (call,) = mended("stream-never-ends", conversation(first(GOOD, how="open"))).calls
    assert (call.how, call.ended_ms) == ("finished", call.chunks[-1].t_ms)


@pytest.mark.parametrize(("sent", "how"), [(GOOD, "finished"), (BEGUN, "cut"), (RESPONSES, "finished")])
def test_a_cut_is_mended_only_where_nothing_was_to_follow(sent: list[Event], how: str) -> None:
    (call,) = mended("stream-cut", conversation(first(sent, how="cut"))).calls
    assert call.how == how


def test_a_held_back_stream_is_spread_over_the_time_it_was_waited_for() -> None:
    talk = conversation(first(GOOD, first_ms=3_000.0, stream_ms=0.0))
    (call,) = mended("stream-buffered", talk).calls
    assert events(call) == GOOD
    assert call.chunks[0].t_ms < 1_500.0 < call.chunks[-1].t_ms


def test_a_header_that_contradicts_the_body_goes() -> None:
    headers = {"content-type": "text/event-stream", "content-encoding": "gzip"}
    (call,) = mended("content-encoding-mismatch", conversation(first(GOOD, headers=headers))).calls
    assert call.headers == {"content-type": "text/event-stream"}


def test_an_answer_allows_the_origin_of_the_page() -> None:
    page = {"origin": "https://page.test"}
    (call,) = mended("cors-blocked", conversation(first(GOOD, request_headers=page))).calls
    assert call.headers["access-control-allow-origin"] == "https://page.test"


# Stored threads


def stored(call: Call) -> list[Event]:
    """The items of a thread that was read."""
    document = json.loads(call.body)
    found: list[Event] = document["items"]["data"]
    return found


SPOKEN: Final = first(GOOD)


@pytest.mark.parametrize(
    ("cause", "kept"),
    [
        ("store-lost-items", [user()]),
        ("store-lost-items", []),
        ("store-changed-items", [reply(), user()]),
        ("store-changed-items", [user(item_id="u7"), reply(item_id="a7")]),
        ("store-changed-items", [user(), reply("Other words.")]),
        ("store-changed-items", [user(), reply(), reply(item_id="a7")]),
    ],
)
def test_a_stored_thread_holds_what_was_streamed(cause: str, kept: list[Event]) -> None:
    made = mended(cause, conversation(SPOKEN, read_back(kept)))
    assert stored(made.calls[1]) == [user(), reply()]


def test_what_is_lost_stays_lost_where_only_the_order_is_mended() -> None:
    talk = conversation(SPOKEN, read_back([reply()]))
    assert mended("store-changed-items", talk) is talk


@pytest.mark.parametrize("document", [[], {"id": "thr_1", "items": None}, "no"])
def test_a_thread_that_cannot_be_read_is_given_as_it_was_streamed(document: object) -> None:
    read = answered("threads.get_by_id", {"thread_id": "thr_1"}, document, t=5_000.0, reload=True)
    made = mended("thread-read-failed", conversation(SPOKEN, read))
    assert stored(made.calls[1]) == [user(), reply()]


def test_a_thread_whose_reading_failed_is_given_as_it_was_streamed() -> None:
    read = answered("threads.get_by_id", {"thread_id": "thr_1"}, {}, t=5_000.0, reload=True, status=500)
    made = mended("thread-read-failed", conversation(SPOKEN, read))
    assert (made.calls[1].status, stored(made.calls[1])) == (200, [user(), reply()])


def test_a_thread_whose_error_the_browser_kept_back_may_be_read_by_the_page() -> None:
    page = {"origin": "https://page.test"}
    read = replace(read_back([]), status=None, headers={}, chunks=(), how="cut")
    read = replace(read, kept_status=500, request_headers=page)
    (_, call) = mended("thread-read-failed", conversation(SPOKEN, read)).calls
    assert (call.status, stored(call)) == (200, [user(), reply()])
    assert call.headers["access-control-allow-origin"] == "https://page.test"


def test_an_answer_that_lacks_cors_headers_is_kept_from_the_page_whatever_it_says() -> None:
    page = {"origin": "https://page.test"}
    kept = replace(
        read_back([]),
        status=None,
        headers={},
        chunks=(),
        how="cut",
        kept_status=200,
        refused="MissingAllowOriginHeader",
        request_headers=page,
    )
    (_, call) = mended("thread-read-failed", conversation(SPOKEN, kept)).calls
    assert refusal(handed_over(call)) == "MissingAllowOriginHeader"


def test_pages_that_repeat_come_to_an_end() -> None:
    page = {"data": [user()], "has_more": True}
    lists = [answered("items.list", {"thread_id": "thr_1"}, page, t=t) for t in (6_000.0, 7_000.0)]
    made = mended("paging-broken", conversation(SPOKEN, read_back([user()], has_more=True), *lists))
    (last,) = made.calls[2:]
    assert json.loads(last.body) == {"data": [reply()], "has_more": False}


def test_a_bare_list_of_threads_is_given_its_shape() -> None:
    asked = answered("threads.list", {}, [{"id": "thr_1"}], t=0.0)
    (call,) = mended("threads-list-invalid", conversation(asked)).calls
    assert json.loads(call.body) == {"data": [{"id": "thr_1"}], "has_more": False}


@pytest.mark.parametrize("cause", [id_ for id_, each in REPAIRS.items() if each.conversation is not None])
def test_a_good_conversation_stays_as_it_is(cause: str) -> None:
    more = done(user("And?", "u2"))
    talk = conversation(
        answered("threads.list", {}, {"data": [], "has_more": False}, t=0.0),
        first(good(), t=10.0),
        later([more, *streamed("More.", "a2")]),
        read_back([user(), reply(), user("And?", "u2"), reply("More.", "a2")]),
    )
    assert mended(cause, talk) is talk


def test_pieces_of_an_event_come_when_its_last_byte_came() -> None:
    whole = b"".join(sse(GOOD[:1]))
    chunks = (Chunk(10.0, whole[:5]), Chunk(20.0, whole[5:]))
    call = first([GOOD[0], *GOOD[1:]])
    talk = conversation(
        Call(call.op, call.url, 0.0, call.request, status=200, headers=call.headers, chunks=chunks)
    )
    made = mended("user-item-missing", talk)
    assert [chunk.t_ms for chunk in made.calls[0].chunks] == [20.0, 20.0]


def test_the_last_part_of_a_reply_stays_as_it_was() -> None:
    talk = conversation(first([*BEGUN, part_done("Good day."), done(reply("Good day."))]))
    assert mended("item-never-done", talk) is talk
