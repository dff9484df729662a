"""A recording comes back as the conversation that crossed the wire."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from chatkit_doctor.conversation import recorded
from chatkit_doctor.conversation.conversation import Call, Conversation, Preflight
from chatkit_doctor.conversation.cors import refusal
from chatkit_doctor.errors import RecordingError
from chatkit_doctor.recording.entries import RequestFailed, RequestPreflight, RequestSent
from chatkit_doctor.recording.journal import BODIES_DIR, FILE_NAME, Journal
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.simulator.simulate import simulate
from tests.chatkit_events import HELLO, created, done, reply, user
from tests.conversation.made import answered, conversation, first, later, read_back
from tests.conversations import Handed, exchange
from tests.conversations import recorded as made
from tests.journals import HEADER
from tests.recordings import URL

TURN = [created(), done(user()), done(reply())]
LATER = [done(user("And?", "u2")), done(reply("More.", "a2"))]


def journalled(folder: Path, *calls: Call) -> Conversation:
    """These calls, written as a recording and read again."""
    simulate(conversation(*calls), folder, Redactor())
    return recorded.read(folder)


def test_a_conversation_comes_back_as_it_was(tmp_path: Path) -> None:
    items = [user(), reply(), user("And?", "u2"), reply("More.", "a2")]
    calls = (
        answered("threads.list", {"limit": 9999}, {"data": []}, t=0),
        first(TURN, t=100.0),
        later(LATER),
        read_back(items),
        answered("threads.list", {"limit": 9999}, {"data": []}, t=5_010, reload=True),
    )
    found = journalled(tmp_path, *calls)
    assert (found.kind, found.timed, found.notes) == ("recording", True, ())
    assert [(c.op, c.url, c.status, c.body, c.how, c.reload) for c in found.calls] == [
        (c.op, c.url, c.status, c.body, c.how, c.reload) for c in calls
    ]
    assert [c.headers["content-type"] for c in found.calls] == [c.headers["content-type"] for c in calls]
    assert [c.request for c in found.calls] == [
        c.request.replace(b'": ', b'":').replace(b", ", b",") for c in calls
    ]


def test_each_piece_keeps_its_bytes_and_its_distance_in_time(tmp_path: Path) -> None:
    call = first(TURN, t=100.0)
    read = journalled(tmp_path, call).calls[0]
    assert [chunk.data for chunk in read.chunks] == [chunk.data for chunk in call.chunks]
    gaps = [b.t_ms - a.t_ms for a, b in zip(read.chunks, read.chunks[1:], strict=False)]
    assert gaps == pytest.approx([150.0, 150.0], abs=1)


def test_each_repetition_of_a_request_is_a_call(tmp_path: Path) -> None:
    failed = replace(first(b"oops"), status=500, headers={"content-type": "text/plain"})
    again = first(TURN, t=2_000.0)
    found = journalled(tmp_path, failed, again)
    assert [(call.status, call.body) for call in found.calls] == [(500, b"oops"), (200, again.body)]


def test_a_body_that_broke_off_is_still_cut(tmp_path: Path) -> None:
    found = journalled(tmp_path, first(TURN[:1], how="cut", error="reset"))
    assert (found.calls[0].how, found.calls[0].error) == ("cut", "reset")


def test_a_request_without_an_answer_says_why(tmp_path: Path) -> None:
    refused = Call(
        "threads.create", "http://localhost:1/chatkit", 0.0, how="cut", error="ConnectError: refused"
    )
    call = journalled(tmp_path, refused).calls[0]
    assert (call.status, call.how, call.error) == (None, "cut", "ConnectError: refused")


def test_a_preflight_goes_with_the_first_request_that_relied_on_it(tmp_path: Path) -> None:
    allowed = {"access-control-allow-origin": "*", "access-control-allow-headers": "content-type"}
    preflight = Preflight(204, allowed, "content-type")
    page = {"access-control-allow-origin": "*", "content-type": "text/event-stream"}
    found = journalled(tmp_path, first(TURN, preflight=preflight, headers=page), later(LATER, headers=page))
    assert [call.preflight for call in found.calls] == [preflight, None]


def test_what_a_browser_refused_is_still_refused(tmp_path: Path) -> None:
    url = "http://localhost:8000/chatkit"
    journal = Journal(tmp_path, Redactor(), HEADER)
    cors = "PreflightMissingAllowOriginHeader"
    sent = RequestSent(
        id="1",
        url=url,
        method="POST",
        op="threads.create",
        body=None,
        headers={"referer": "http://localhost:3000/", "content-type": "application/json"},
        auth={},
    )
    preflight = RequestPreflight(
        url=url,
        status=405,
        asked_headers="content-type",
        allowed_headers="",
        allowed_origin="",
        allowed_methods="",
    )
    failed = RequestFailed(
        id="1", url=url, op="threads.create", error="net::ERR_FAILED", blocked="cors", cors=cors
    )
    journal.add(sent, t=10)
    journal.add(preflight, t=20)
    journal.add(failed, t=30)
    journal.close(finished=True)
    call = recorded.read(tmp_path).calls[0]
    assert call.error == f"the browser refused it (cors: {cors})"
    assert refusal(call) == cors


def test_a_journal_without_its_bodies_gives_what_its_events_hold(tmp_path: Path) -> None:
    items = [user(), reply()]
    journalled(tmp_path, first(TURN), read_back(items))
    shutil.rmtree(tmp_path / BODIES_DIR)
    found = recorded.read(tmp_path / FILE_NAME)
    (call,) = found.calls
    assert call.body == first(TURN).body
    assert [note.split(":")[0] for note in found.notes] == [
        "1 requests were ignored",
        "the bodies of 1 streams are not beside the journal",
    ]


def test_a_request_that_the_page_rewrote_is_known_in_both_words() -> None:
    sent = {"url": URL, "op": "", "body": {"message": "Hello"}}
    asked = exchange(100, body=TURN, params={"input": HELLO}, custom=Handed(), sent=sent)
    (call,) = recorded.conversation_of(made(asked)).calls
    assert json.loads(call.request) == {"type": "threads.create", "params": {"input": HELLO}}
    assert json.loads(call.rewritten) == {"message": "Hello"}


def test_a_request_that_went_as_it_was_has_no_other_words() -> None:
    (call,) = recorded.conversation_of(made(exchange(100, body=TURN, params={"input": HELLO}))).calls
    assert call.rewritten == b""


def test_a_recording_that_broke_off_says_so(tmp_path: Path) -> None:
    journalled(tmp_path, first(TURN))
    journal = tmp_path / FILE_NAME
    journal.write_text("".join(journal.read_text().splitlines(keepends=True)[:-1]))
    assert any("broke off" in note for note in recorded.read(tmp_path).notes)


def test_a_recording_without_a_request_is_refused_with_a_next_step(tmp_path: Path) -> None:
    Journal(tmp_path, Redactor(), HEADER).close(finished=True)
    with pytest.raises(RecordingError) as caught:
        recorded.read(tmp_path)
    assert "audit" in caught.value.hint
