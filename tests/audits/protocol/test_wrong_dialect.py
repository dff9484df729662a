"""Backends that speak another protocol."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.wrong_dialect import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import created, done, good, user
from tests.conversations import exchange, recorded

ATTEMPT_1: list[Sent] = [
    {"type": "thread.item.user_message", "item": {"id": "m1", "type": "user_message"}},
    {"type": "thread.item.assistant_message", "item": {"id": "m2", "type": "assistant_message"}},
]
ATTEMPT_2: list[Sent] = [
    'event: thread.message.created\ndata: {"id": "m1", "object": "thread.message", "role": "user"}\n\n',
    'event: thread.message.delta\ndata: {"id": "m2", "object": "thread.message.delta"}\n\n',
]
ATTEMPT_3: list[Sent] = [
    {"type": "thread.created", "thread": {"id": "123"}},
    {"type": "conversation.item.created", "item": {"id": "m1", "type": "message", "role": "user"}},
    {"type": "response.created", "response": {"id": "r"}},
    {"type": "response.text.delta", "delta": "chunk"},
    {"type": "response.done", "response": {"id": "r"}},
]


@pytest.mark.parametrize(
    ("events", "dialect"),
    [
        (ATTEMPT_1, "chatkit-invented"),
        (ATTEMPT_2, "assistants"),
        (ATTEMPT_3, "responses"),
        (["data: Hello\n\n", "data: there\n\n"], "plain-text"),
        (
            [{"object": "chat.completion.chunk", "choices": [{"delta": {}}]}, "data: [DONE]\n\n"],
            "chat-completions",
        ),
        (['f:{"messageId":"m"}\n0:"Hello"\n'], "vercel-ai"),
    ],
)
def test_another_protocol_is_named(events: list[Sent], dialect: str) -> None:
    (failure,) = failing(AUDIT, answered(events))
    assert failure.details["dialect"] == dialect


def test_what_the_component_did_with_the_events_is_told() -> None:
    assert "start screen returns" in failing(AUDIT, answered(ATTEMPT_1))[0].why
    assert "nothing remains" in failing(AUDIT, answered(ATTEMPT_3))[0].why


def test_what_to_send_instead_is_told_for_the_events_that_came() -> None:
    fix = failing(AUDIT, answered(ATTEMPT_3))[0].fix
    assert "response.text.delta → thread.item.updated" in fix
    assert "conversation.item.created → thread.item.done with an item of type user_message" in fix


def test_a_thread_that_was_announced_is_not_asked_for_again() -> None:
    assert "response.created →" not in failing(AUDIT, answered(ATTEMPT_3))[0].fix


def test_an_error_told_in_another_protocol_is_quoted() -> None:
    failed = {"type": "response.failed", "response": {"error": {"message": "Over quota"}}}
    (failure,) = failing(AUDIT, answered([{"type": "response.created", "response": {"id": "r"}}, failed]))
    assert "Over quota" in failure.why


def test_each_turn_is_a_failure_of_its_own() -> None:
    assert [f.turn for f in failing(AUDIT, answered(good(), ATTEMPT_3))] == [2]


@pytest.mark.parametrize("events", [good(), [*good(), {"type": "response.done"}], [created(), done(user())]])
def test_chatkit_well_or_badly_spoken_passes(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))


def test_a_body_the_component_never_read_says_nothing() -> None:
    recording = recorded(exchange(100, body=ATTEMPT_1, mime="text/plain"))
    assert ask(AUDIT, recording).status == "not-applicable"
