"""A good turn, whole or with something left out, is the events openai-chatkit would send."""

from __future__ import annotations

from typing import Any

import pytest
from chatkit.types import ThreadStreamEvent
from pydantic import TypeAdapter

from chatkit_doctor.host.good_turn import good_turn
from chatkit_doctor.scenario.frames import GoodTurn

FIRST, LATER = "threads.create", "threads.add_user_message"


def events(op: str = FIRST, **turn: Any) -> list[dict[str, Any]]:
    settings = GoodTurn.model_validate({"reply": "Two words", **turn})
    return [event for _, event in good_turn(settings, op=op, thread_id="thr_1", number=1, message="Hi")]


@pytest.mark.parametrize("op", [FIRST, LATER])
def test_the_sdk_knows_every_event(op: str) -> None:
    for event in events(op):
        TypeAdapter(ThreadStreamEvent).validate_python(event)


def test_only_a_first_turn_announces_its_thread() -> None:
    assert events(FIRST)[0]["type"] == "thread.created"
    assert "thread.created" not in [event["type"] for event in events(LATER)]


def test_one_event_can_be_left_out() -> None:
    types = [event["type"] for event in events()]
    types.remove("stream_options")
    assert [event["type"] for event in events(without=["stream_options"])] == types


def test_a_turn_without_its_reply_still_confirms_the_message() -> None:
    left = events(without=["reply"])
    assert [event["type"] for event in left] == ["thread.created", "thread.item.done", "stream_options"]
    assert left[1]["item"]["type"] == "user_message"
