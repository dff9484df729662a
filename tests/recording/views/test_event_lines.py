"""Events a line each, with the values that tell them from others."""

from __future__ import annotations

import json

from chatkit_doctor.recording.views.event_lines import EventLine, lines_of_stream, lines_sent
from tests.recordings import good_events, good_turn, opened, recording


def told(*events: object) -> list[EventLine]:
    return lines_of_stream("".join(f"data: {json.dumps(event)}\n\n" for event in events))


def delta(text: str) -> dict[str, object]:
    update = {"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": text}
    return {"type": "thread.item.updated", "item_id": "a", "update": update}


def test_an_item_is_told_by_its_type_and_its_text() -> None:
    item = {"id": "m", "type": "user_message", "content": [{"type": "input_text", "text": "Hello"}]}
    assert told({"type": "thread.item.done", "item": item}) == [
        EventLine("thread.item.done", "user_message “Hello”")
    ]


def test_what_has_no_text_is_told_by_its_id() -> None:
    assert told({"type": "thread.created", "thread": {"id": "t1"}})[0].about == "id “t1”"


def test_neighbours_of_one_kind_are_one_line_with_their_text_together() -> None:
    assert told(delta("You have "), delta("three.")) == [
        EventLine("thread.item.updated", "text_delta “You have three.”", 2)
    ]


def test_what_chatkit_does_not_know_is_marked() -> None:
    assert [line.known for line in told({"type": "response.created"}, delta("a"))] == [False, True]


def test_what_is_no_object_has_a_line_too() -> None:
    assert [line.type for line in lines_of_stream("data: nonsense\n\ndata: [1]\n\n")] == ["(no JSON object)"]


def test_a_long_text_is_cut() -> None:
    assert len(told(delta("x" * 5_000))[0].about) < 120


def test_what_was_sent_is_told_by_turn_and_operation() -> None:
    seen = recording(opened(), good_turn(100.0, "Hello", "Good day"))
    lines = lines_sent(seen, 1, "threads.create")
    assert sum(line.times for line in lines) == len(good_events("Hello", "Good day"))
    assert lines[0].type == "thread.created"
    assert lines_sent(seen, 2, "threads.create") == []
