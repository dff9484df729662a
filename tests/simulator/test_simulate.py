"""What is simulated of conversations that no scenario holds: reloads, refusals, limits, other operations."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chatkit_doctor.conversation.conversation import Call, Chunk
from chatkit_doctor.host.frames import RequestFacts, pieces
from chatkit_doctor.recording.entries import SessionEnded
from chatkit_doctor.recording.reader import received
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.scenario.backend import ScriptBackend
from chatkit_doctor.scenario.select import select
from chatkit_doctor.simulator.simulate import PAGES_OPEN, TOOL_OPEN, simulate
from tests.chatkit_events import ANSWER, HELLO, Event, created, done, good, item, reply, user
from tests.conversation.made import (
    URL,
    answer,
    answered,
    asked,
    conversation,
    first,
    judged,
    later,
    read_back,
    said,
    saved,
    sse,
    streamed,
    symptoms,
)

STORED = [user(HELLO, "u1"), reply(ANSWER, "a1")]
STUCK = ["reply-missing", "stuck-responding"]


def failing(status: int, *, t: float = 0.0) -> Call:
    """A first turn that is refused."""
    return replace(first(b"oops", t=t), status=status, headers={"content-type": "text/plain"})


def held_back() -> Call:
    """A good first turn that arrives at once after a long wait."""
    return first(good(), first_ms=2_500.0, stream_ms=20.0)


def test_a_recording_ends_when_its_session_does_however_long_the_simulation_takes() -> None:
    recording = received(simulate(conversation(held_back()), None, Redactor()))
    ended = recording.last(SessionEnded)
    assert recording.footer is not None
    assert ended is not None
    assert recording.footer.t == ended.t


# Reloads


def test_what_the_store_gives_back_is_what_was_streamed(tmp_path: Path) -> None:
    report = judged(conversation(first(good()), read_back(STORED)), tmp_path)
    assert answer(report) == ("pass", "", [])
    assert report.layers["persistence"] == "ok"


def test_a_store_that_loses_the_reply_loses_history(tmp_path: Path) -> None:
    report = judged(conversation(first(good()), read_back(STORED[:1])), tmp_path)
    assert answer(report) == ("fail", "store-lost-items", ["history-lost"])


def test_a_store_that_changes_the_text_alters_history(tmp_path: Path) -> None:
    other = [user(HELLO, "u1"), reply("Something else.", "a1")]
    report = judged(conversation(first(good()), read_back(other)), tmp_path)
    assert answer(report) == ("fail", "store-changed-items", ["history-altered"])


def test_a_thread_that_cannot_be_read_is_lost(tmp_path: Path) -> None:
    params = {"thread_id": "thr_1"}
    gone = answered("threads.get_by_id", params, {"detail": "Not Found"}, t=5_000, status=404, reload=True)
    report = judged(conversation(first(good()), gone), tmp_path)
    assert answer(report) == ("fail", "thread-read-failed", ["history-lost"])


def test_the_further_pages_of_a_thread_belong_to_it(tmp_path: Path) -> None:
    params = {"thread_id": "thr_1", "after": "u1"}
    rest = answered("items.list", params, {"data": STORED[1:], "has_more": False}, t=5_100, reload=True)
    report = judged(conversation(first(good()), read_back(STORED[:1], has_more=True), rest), tmp_path)
    assert report.verdict == "pass"


def test_a_page_that_comes_again_and_again_is_waited_for_without_end(tmp_path: Path) -> None:
    params = {"thread_id": "thr_1", "after": "u1"}
    again = answered("items.list", params, {"data": STORED[:1], "has_more": True}, t=5_100, reload=True)
    report = judged(conversation(first(good()), read_back(STORED[:1], has_more=True), again), tmp_path)
    assert answer(report) == ("fail", "paging-broken", ["history-lost"])


def test_a_thread_whose_pages_were_not_all_read_leaves_the_question_open(tmp_path: Path) -> None:
    report = judged(conversation(first(good()), read_back(STORED[:1], has_more=True)), tmp_path)
    assert answer(report) == ("inconclusive", "", [])
    assert report.reason == PAGES_OPEN


def test_a_stored_item_that_cannot_be_drawn_crashes_its_turn_after_the_reload(tmp_path: Path) -> None:
    bare = {"id": "a1", "type": "assistant_message", "thread_id": "thr_1"}
    report = judged(conversation(first(good()), read_back([STORED[0], bare])), tmp_path)
    assert report.cause is not None
    assert report.cause.id == "thread-read-failed"
    assert set(symptoms(report)) >= {"turn-crashed", "history-lost"}


def test_what_only_a_page_could_tell_is_not_asked(tmp_path: Path) -> None:
    report = judged(conversation(first(good()), read_back(STORED)), tmp_path)
    asked_of_page = {"no-component", "thread-not-restored", "script-not-loaded", "container-not-visible"}
    status = {each.id: each.status for each in report.unanswered if each.id in asked_of_page}
    assert set(status) == asked_of_page
    assert set(status.values()) <= {"not-applicable", "not-testable"}


# Requests that come to nothing


def test_a_connection_that_fails_is_an_error_over_the_start_screen(tmp_path: Path) -> None:
    dead = replace(first(b""), status=None, error="net::ERR_CONNECTION_REFUSED", how="cut")
    verdict, cause, seen = answer(judged(conversation(dead), tmp_path))
    assert (verdict, cause) == ("fail", "wrong-url")
    assert {"error-shown", "start-screen-returned", "reply-missing"} <= set(seen)


def test_nobody_answers_until_the_limit(tmp_path: Path) -> None:
    silent = replace(first(b""), status=None, how="open", ended_ms=3_000.0)
    assert answer(judged(conversation(silent), tmp_path)) == ("fail", "stream-never-ends", STUCK)


def test_a_server_error_keeps_the_chat_responding_while_it_is_asked_again(tmp_path: Path) -> None:
    assert answer(judged(conversation(failing(500)), tmp_path)) == ("fail", "server-error", STUCK)


def test_after_the_sixth_attempt_the_conversation_is_dropped(tmp_path: Path) -> None:
    attempts = [failing(503, t=1_000.0 * number) for number in range(6)]
    verdict, cause, seen = answer(judged(conversation(*attempts), tmp_path))
    assert (verdict, cause) == ("fail", "server-error")
    assert {"start-screen-returned", "user-message-vanished"} <= set(seen)


def test_too_many_requests_are_told_to_the_person(tmp_path: Path) -> None:
    _, cause, seen = answer(judged(conversation(failing(429)), tmp_path))
    assert cause == "request-rejected"
    assert "error-shown" in seen


def test_a_stream_that_was_not_read_to_its_end_leaves_the_question_open(tmp_path: Path) -> None:
    left = replace(first(good()[:6]), how="open", unread="the limit of 6 events")
    report = judged(conversation(left), tmp_path)
    assert answer(report) == ("inconclusive", "", [])
    assert report.reason == "threads.create was not read completely: the limit of 6 events"


# Times


def test_a_stream_that_was_held_back_is_no_live_text(tmp_path: Path) -> None:
    report = judged(conversation(held_back()), tmp_path)
    assert answer(report) == ("fail", "stream-buffered", ["reply-not-live"])


@pytest.mark.parametrize("text", ["Yes, of course.", "A longer answer, that takes its time to be said."])
def test_a_slow_reply_is_live(text: str, tmp_path: Path) -> None:
    report = judged(conversation(first(good(text), stream_ms=3_000.0)), tmp_path)
    assert answer(report) == ("pass", "", [])


def test_of_a_saved_stream_nobody_says_how_it_arrived(tmp_path: Path) -> None:
    report = judged(conversation(held_back(), timed=False, kind="har"), tmp_path)
    assert answer(report) == ("pass", "", [])
    assert report.warnings == []


def test_a_message_sent_right_after_a_turn_is_a_turn_of_its_own(tmp_path: Path) -> None:
    turn = first(good())
    second = later(good("And more.", "And?", turn=2), t=turn.ended_ms)
    report = judged(conversation(turn, second), tmp_path)
    assert report.verdict == "pass"
    assert [(m.turn, m.text) for m in report.messages if m.role == "assistant"] == [
        (1, ANSWER),
        (2, "And more."),
    ]


# Saved streams


@pytest.mark.parametrize(
    ("attempt", "dialect"), [("1", "chatkit-invented"), ("2", "assistants"), ("3", "responses")]
)
def test_the_three_attempts_as_saved_streams_speak_another_protocol(
    attempt: str, dialect: str, tmp_path: Path
) -> None:
    backend = select([f"seed/attempt-{attempt}"])[0].scenario.backend
    assert isinstance(backend, ScriptBackend)
    (script,) = backend.answers["*"]
    facts = RequestFacts("threads.create", HELLO, "thr_1", 1)
    body = b"".join(piece for piece in pieces(script, facts) if isinstance(piece, bytes))
    report = judged(saved(body), tmp_path)
    assert report.verdict == "fail"
    assert report.cause is not None
    assert (report.cause.id, report.cause.details["dialect"]) == ("wrong-dialect", dialect)


@pytest.mark.parametrize(
    ("op", "body"),
    [("threads.create", good()), ("threads.add_user_message", good(turn=2))],
    ids=["first turn", "later turn"],
)
def test_a_good_saved_stream_is_clean(op: str, body: list[Event], tmp_path: Path) -> None:
    report = judged(saved(b"".join(sse(body)), op=op), tmp_path)
    assert answer(report) == ("pass", "", [])
    assert report.findings == []


def test_a_saved_stream_that_waits_for_the_page_is_no_whole_turn(tmp_path: Path) -> None:
    call = item("client_tool_call", "c1", status="pending", call_id="c", name="get_place", arguments={})
    report = judged(saved(b"".join(sse([created(), done(user()), done(call)]))), tmp_path)
    assert (report.verdict, report.reason, report.warnings) == ("inconclusive", TOOL_OPEN, [])


# Other operations


def test_the_output_of_a_client_tool_goes_on_with_the_turn(tmp_path: Path) -> None:
    call = item("client_tool_call", "c1", status="pending", call_id="c", name="get_place", arguments={})
    ask = first([created(), done(user(item_id="u1")), done(call)])
    params = {"thread_id": "thr_1", "result": {}}
    output = streamed("threads.add_client_tool_output", params, [done(reply())], t=1_000)
    assert answer(judged(conversation(ask, output), tmp_path)) == ("pass", "", [])


@pytest.mark.parametrize("op", ["threads.add_client_tool_output", "threads.custom_action"])
@pytest.mark.parametrize(("events", "verdict"), [([done(reply())], "pass"), ([], "fail")])
def test_the_rest_of_a_turn_is_judged_as_one(
    op: str, events: list[Event], verdict: str, tmp_path: Path
) -> None:
    report = judged(saved(b"".join(sse(events)), op=op), tmp_path)
    assert report.verdict == verdict
    assert symptoms(report) == ([] if verdict == "pass" else ["reply-missing"])


def test_a_retry_asks_for_the_turn_again(tmp_path: Path) -> None:
    error = {"type": "error", "code": "stream.error", "allow_retry": True}
    params = {"thread_id": "thr_1", "item_id": "u1"}
    again = streamed("threads.retry_after_item", params, [done(reply())], t=2_000)
    turn = first([created(), done(user(item_id="u1")), error])
    report = judged(conversation(turn, again), tmp_path)
    assert [m.text for m in report.messages] == [HELLO, ANSWER]
    assert "error-shown" in symptoms(report)


def test_a_new_chat_takes_nothing_away_from_the_one_before(tmp_path: Path) -> None:
    other = [created("thr_2"), done(user(item_id="u2")), done(reply(item_id="a2"))]
    report = judged(conversation(first(good()), first(other, t=2_000)), tmp_path)
    assert answer(report) == ("pass", "", [])


def test_another_thread_is_opened(tmp_path: Path) -> None:
    old = [user("Old question", "u9"), reply("Old answer.", "a9")]
    page = {"data": old, "has_more": False}
    open_ = answered("threads.get_by_id", {"thread_id": "thr_9"}, {"id": "thr_9", "items": page}, t=2_000)
    report = judged(conversation(first(good()), open_), tmp_path)
    assert report.verdict == "pass"


def test_a_failing_list_of_threads_is_a_warning(tmp_path: Path) -> None:
    broken = answered("threads.list", {}, None, t=0, status=500)
    report = judged(conversation(broken, first(good(), t=50)), tmp_path)
    assert report.verdict == "pass"
    assert [warning.id for warning in report.warnings] == ["threads-list-invalid"]


def test_probes_are_no_part_of_the_conversation(tmp_path: Path) -> None:
    probe = answered(
        "threads.get_by_id", {"thread_id": "none"}, {}, t=2_000, status=500, probe="unknown-thread"
    )
    report = judged(conversation(first(good()), probe), tmp_path)
    assert answer(report) == ("pass", "", [])
    assert report.warnings == []


def test_without_any_message_there_is_no_verdict(tmp_path: Path) -> None:
    report = judged(conversation(answered("threads.list", {}, {"data": []}, t=0)), tmp_path)
    assert answer(report) == ("inconclusive", "", [])
    assert report.reason == "no message was sent"


def test_a_long_stream_of_small_pieces_is_followed_in_bounded_time(tmp_path: Path) -> None:
    words = "word " * 2_000
    body = b"".join(sse(good(words)))
    chunks = tuple(Chunk(30 + at / 100, body[at : at + 100]) for at in range(0, len(body), 100))
    call = Call(
        "threads.create",
        URL,
        0,
        asked("threads.create", said(HELLO)),
        status=200,
        headers={"content-type": "text/event-stream"},
        chunks=chunks,
        answered_ms=30,
        ended_ms=40 + len(body),
    )
    assert judged(conversation(call), tmp_path).verdict == "pass"
