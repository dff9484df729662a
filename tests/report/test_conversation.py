"""The conversation as the report shows it: a pure function of the recording, bounded whatever is in it."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import pytest

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.engine.remedies import Remedies
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.repairs.corrected_streams import corrected_streams
from chatkit_doctor.report import conversation_entries, conversation_streams
from chatkit_doctor.report.conversation import Conversation, conversation_of
from chatkit_doctor.report.conversation_lanes import lanes
from chatkit_doctor.report.conversation_turns import turn_views
from tests.recordings import (
    asked,
    entry,
    good_events,
    good_turn,
    opened,
    recording,
    send,
    state,
    stream,
    user,
)


def _good() -> Recording:
    return recording(opened(), good_turn(100.0, "Hello", "Hi there, you."))


def _foreign() -> Recording:
    """A turn answered in the events of the Responses API: the message is dropped at the end."""
    events: list[tuple[float, dict[str, Any]]] = [
        (10, {"type": "response.created", "response": {"id": "resp"}}),
        (20, {"type": "response.output_text.delta", "item_id": "m", "delta": "Hi "}),
        (30, {"type": "response.output_text.delta", "item_id": "m", "delta": "there."}),
        (40, {"type": "response.completed", "response": {"id": "resp"}}),
    ]
    return recording(
        opened(),
        send(100.0, "Hello", until=900.0),
        stream(120.0, events),
        state(140.0, user(1, "Hello"), responding=True),
        state(400.0, view="start"),
    )


def _conversation(made: Recording) -> Conversation:
    diagnosis = diagnose(made, examine(made))
    cause = diagnosis.cause.id if diagnosis.cause is not None else None
    return conversation_of(made, diagnosis, Remedies(tuple(corrected_streams(made, cause))))


def _unpacked(packed: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(packed)))


# Turn by turn


def test_a_turn_has_what_was_asked_sent_streamed_and_shown() -> None:
    opening, turn = turn_views(_good())
    assert (opening.heading, turn.heading, turn.said) == ("The page is opened", "Turn 1", "Hello")
    (row,) = turn.rows
    assert row.asked[0].text == "threads.create"
    assert [line.text for line in row.sent] == ["POST http://localhost:1/chatkit", "as it was asked"]
    assert [(line.text, line.said) for line in row.streamed[:-1]] == [
        ("200 text/event-stream", ""),
        ("thread.created", ""),
        ("thread.item.done · user_message", ""),
        ("thread.item.added · assistant_message", ""),
        ("thread.item.updated · added", ""),
        ("thread.item.updated · text_delta ×3", "Hi there, you."),
        ("thread.item.updated · done", ""),
        ("thread.item.done · assistant_message", ""),
    ]
    assert row.streamed[-1].text.startswith("the body ends: ")
    assert [line.said for line in turn.shown if line.said] == ["Hello", "Hi there, you."]


def test_a_message_that_vanished_is_told_with_how_long_it_was_seen() -> None:
    turn = turn_views(_foreign())[1]
    shown = [(line.t_ms, line.text, line.said, line.tone) for line in turn.shown]
    assert (140.0, "user: visible for 260 ms, gone at 400 ms", "Hello", "bad") in shown
    assert (400.0, "the start screen", "", "bad") in shown


def test_operations_that_are_all_alike_are_told_once() -> None:
    again = [asked(300.0 + n, "items.list", {"after": "x"}, nonce=f"again-{n}") for n in range(40)]
    turn = turn_views(recording(opened(), send(100.0, "Hello", until=900.0), again))[1]
    (row,) = turn.rows
    assert (row.asked[0].text, row.times) == ("items.list", 40)


def test_an_answer_is_not_told_to_end_before_it_began() -> None:
    about = {"id": "r9", "op": "threads.list", "url": "http://localhost:1/chatkit"}
    made = recording(
        send(100.0, "Hello", until=900.0),
        entry(201.0, "request", "request.sent", **about, method="POST"),
        entry(212.0, "wire", "wire.response", **about, status=200, mime="application/json"),
        entry(207.0, "wire", "wire.end", id="r9", op="threads.list", how="finished", size=2),
    )
    (row,) = turn_views(made)[0].rows
    assert [line.text.split(":")[0] for line in row.streamed] == [
        "200 without a content type",
        "the body ends",
    ]
    times = [line.t_ms for line in row.streamed]
    assert times == sorted(times, key=lambda t: t or 0.0)


# On one axis


def test_every_message_has_a_bar_as_long_as_it_was_there() -> None:
    bars = [mark for mark in lanes(_foreign()).marks if mark.lane == "messages"]
    assert [(bar.t, bar.until, bar.label) for bar in bars] == [
        (140.0, 400.0, "user: Hello (260 ms, then gone)")
    ]


def test_each_lane_has_what_belongs_to_it() -> None:
    found = lanes(_good()).marks
    by_lane = {lane: [mark.label for mark in found if mark.lane == lane] for lane in {m.lane for m in found}}
    assert by_lane["actions"] == [
        "the page is opened",
        "the page calls setOptions",
        "the user sends “Hello”",
    ]
    assert by_lane["requests"] == ["threads.create: 200 text/event-stream"]
    assert len(by_lane["bytes"]) == len(by_lane["events"]) == 9
    assert by_lane["component"] == ["ready", "response.start", "response.end"]


def test_bars_that_overlap_stand_in_rows_of_their_own() -> None:
    bars = [mark for mark in lanes(_good()).marks if mark.lane == "messages"]
    assert [bar.row for bar in bars] == [0, 1]


def test_a_bar_never_ends_before_it_begins() -> None:
    about = {"id": "r9", "op": "threads.list", "url": "http://localhost:1/chatkit"}
    made = recording(
        asked(215.0, "threads.list", nonce="n"),
        entry(214.0, "request", "request.sent", **about, method="POST"),
        entry(213.0, "wire", "wire.response", **about, status=200, mime="application/json"),
        entry(212.0, "wire", "wire.end", id="r9", op="threads.list", how="finished", size=2),
    )
    (bar,) = [mark for mark in lanes(made).marks if mark.lane == "requests"]
    assert bar.until is not None
    assert bar.until >= bar.t >= 215.0


def test_equal_errors_of_the_console_are_one_mark() -> None:
    line = {"level": "error", "where": "page", "noise": False}
    made = recording(
        [entry(100.0 + n, "component", "component.console", **line, text="It broke") for n in range(5)],
        entry(300.0, "component", "component.console", **line, text="Something else"),
    )
    assert [mark.label for mark in lanes(made).marks if mark.lane == "component"] == [
        "error: It broke (×5, until 104 ms)",
        "error: Something else",
    ]


def test_what_a_failed_audit_rests_on_is_marked() -> None:
    conversation = _conversation(_foreign())
    axis = _unpacked(conversation.axis)
    events = [name["id"] for name in axis["lanes"]].index("events")
    bad = {mark[3] for mark in axis["marks"] if mark[0] == events and mark[5] == "bad"}
    assert bad
    assert bad <= conversation.notes.keys()
    assert "wrong-dialect" in {note.audit for n in bad for note in conversation.notes[n]}


# The raw stream


def test_every_event_stands_beside_what_should_have_been_sent() -> None:
    (raw,) = _unpacked(_conversation(_foreign()).raw)["streams"]
    assert [json.loads(event["data"])["type"] for event in raw["events"]] == [
        "response.created",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.completed",
    ]
    beside = [(each["start"], each["stop"], json.loads(each["data"])) for each in raw["instead"]]
    assert [(start, stop, event["type"]) for start, stop, event in beside] == [
        (0, 0, "thread.created"),
        (0, 0, "thread.item.done"),
        (1, 2, "thread.item.added"),
        (1, 2, "thread.item.updated"),
        (1, 2, "thread.item.updated"),
        (2, 3, "thread.item.updated"),
        (2, 3, "thread.item.updated"),
        (2, 3, "thread.item.done"),
    ]
    assert [event["update"]["delta"] for *_, event in beside if "delta" in event.get("update", {})] == [
        "Hi ",
        "there.",
    ]


def test_what_is_right_already_is_not_said_again() -> None:
    events = [(1.0 + n, event) for n, (_, event) in enumerate(good_events("Hello", "Hi there, you."))][1:]
    sent = send(100.0, "Hello", until=900.0)
    made = recording(opened(), sent, stream(120.0, events), state(140.0, view="start"))
    (raw,) = conversation_streams.raw_streams(made, corrected_streams(made, "thread-created-missing"))
    assert raw.instead is not None
    added, *others = raw.instead
    assert (added.start, added.stop, json.loads(added.data)["type"]) == (0, 0, "thread.created")
    assert [(each.start, each.stop, each.data) for each in others] == [
        (place, place + 1, "") for place in range(len(raw.events))
    ]


def test_a_stream_with_no_correction_has_none_beside_it() -> None:
    (raw,) = _unpacked(_conversation(_good()).raw)["streams"]
    assert raw["instead"] is None
    assert len(raw["events"]) == raw["received"] == 9


# Bounded


def test_an_entry_is_kept_as_it_stands_in_the_journal() -> None:
    made = _good()
    kept = _unpacked(_conversation(made).entries)
    assert len(kept) == len(made.entries)
    assert kept["1"] == {
        "n": 1,
        "t": 0.0,
        "data": {"kind": "step.begin", "index": 0, "do": "open", "url": "http://localhost:1/"},
    }


def test_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation_entries, "MOST_BYTES", 1_000)
    monkeypatch.setattr(conversation_streams, "MOST_CHARACTERS", 300)
    made = _good()
    conversation = _conversation(made)
    kept = len(_unpacked(conversation.entries))
    (raw,) = _unpacked(conversation.raw)["streams"]
    assert 0 < kept < len(made.entries)
    assert 0 < len(raw["events"]) < 9 == raw["received"]
    events, entries = conversation.left_out
    assert events.startswith(f"{9 - len(raw['events'])} events are omitted from this document")
    assert entries.startswith(f"{len(made.entries) - kept} entries cannot be expanded here")


def test_evidence_is_kept_before_all_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation_entries, "MOST_BYTES", 3_000)
    conversation = _conversation(_foreign())
    assert conversation.notes.keys() <= set(map(int, _unpacked(conversation.entries)))


def test_nothing_in_it_reorders_what_is_read() -> None:
    made = recording(opened(), send(100.0, "\u202eolleH\u2066", until=900.0))
    conversation = _conversation(made)
    for packed in (conversation.axis, conversation.raw, conversation.entries):
        text = zlib.decompress(base64.b64decode(packed)).decode()
        assert not {"\u202e", "\u2066"} & set(text)
