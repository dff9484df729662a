"""Events by their names, in groups, with the text that they bring."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatkit_doctor.protocol.payload import read_payload
from chatkit_doctor.recording.views.exchanges import Received, streams
from chatkit_doctor.recording.views.told_events import event_groups, event_name, event_text
from tests.recordings import good_turn, opened, recording


def _event(data: object, name: str = "") -> Received:
    text = data if isinstance(data, str) else json.dumps(data)
    return Received(1, 5.0, text, read_payload(text), name)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"type": "stream_options"}, "stream_options"),
        ({"type": "thread.item.done", "item": {"type": "user_message"}}, "thread.item.done · user_message"),
        (
            {"type": "thread.item.updated", "update": {"type": "assistant_message.content_part.text_delta"}},
            "thread.item.updated · text_delta",
        ),
        ({"text": "untyped"}, "(no type)"),
        ("[DONE]", "[DONE]"),
        ("Hello", "(no JSON)"),
        ('{"type": ', "(broken JSON)"),
    ],
)
def test_an_event_is_called_by_its_type_and_what_it_is_about(data: object, name: str) -> None:
    assert event_name(_event(data)) == name


def test_an_event_without_a_type_is_called_as_its_stream_calls_it() -> None:
    assert event_name(_event({"text": "Hi"}, "message")) == "message"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"type": "response.output_text.delta", "delta": "Hel"}, "Hel"),
        ({"choices": [{"delta": {"content": "lo"}}], "object": "chat.completion.chunk"}, "lo"),
        ({"type": "thread.created", "thread": {"id": "thr"}}, ""),
    ],
)
def test_text_is_found_in_whatever_protocol_it_comes(data: dict[str, Any], text: str) -> None:
    assert event_text(_event(data)) == text


def test_neighbours_of_one_name_are_one_group_with_all_their_text() -> None:
    made = recording(opened(), good_turn(100.0, "Hello", "Hi there, you."))
    groups = event_groups(streams(made)[0].received)
    assert [(group.name, group.count) for group in groups] == [
        ("thread.created", 1),
        ("thread.item.done · user_message", 1),
        ("thread.item.added · assistant_message", 1),
        ("thread.item.updated · added", 1),
        ("thread.item.updated · text_delta", 3),
        ("thread.item.updated · done", 1),
        ("thread.item.done · assistant_message", 1),
    ]
    deltas = groups[4]
    assert deltas.text == "Hi there, you."
    # The words of a good turn come over 200 ms.
    assert deltas.until - deltas.t == pytest.approx(200.0)
