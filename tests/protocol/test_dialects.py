"""Recognising what a backend speaks in place of ChatKit."""

from __future__ import annotations

import json

import pytest

from chatkit_doctor.protocol.dialects import DIALECTS, Frame, Recognition, recognise, recognise_lines
from chatkit_doctor.protocol.payload import parse_json
from tests.chatkit_events import Event, created, done, good, item, reply, user

Sent = Event | str | tuple[str, object]


def frames(sent: list[Sent]) -> list[Frame]:
    """Events as frames: objects, plain data, or a name with its data."""
    made = []
    for one in sent:
        name, value = one if isinstance(one, tuple) else ("", one)
        data = value if isinstance(value, str) else json.dumps(value)
        try:
            parsed = parse_json(data)
        except ValueError:
            parsed = None
        made.append(Frame(name, data, parsed))
    return made


def found(*sent: Sent) -> Recognition:
    """What these events are recognised as."""
    recognition = recognise(frames(list(sent)))
    assert recognition is not None
    return recognition


ATTEMPT_1: list[Sent] = [
    {"type": "thread.item.user_message", "item": user()},
    {"type": "thread.item.assistant_message", "item": reply()},
]
ATTEMPT_2: list[Sent] = [
    ("thread.message.created", {"id": "m1", "object": "thread.message", "role": "user", "content": []}),
    ("thread.message.created", {"id": "m2", "object": "thread.message", "role": "assistant"}),
    ("thread.message.delta", {"id": "m2", "object": "thread.message.delta", "delta": {"content": []}}),
    ("thread.message.completed", {"id": "m2", "object": "thread.message", "role": "assistant"}),
]
ATTEMPT_3: list[Sent] = [
    {"type": "thread.created", "thread": {"id": "123"}},
    {"type": "conversation.item.created", "item": {"id": "u", "type": "message", "role": "user"}},
    {"type": "response.created", "response": {"id": "resp_123"}},
    {"type": "response.output_item.added", "item": {"id": "i", "type": "message", "role": "assistant"}},
    {"type": "response.content_part.added", "part": {"type": "text", "text": ""}},
    {"type": "response.text.delta", "delta": "chunk"},
    {"type": "response.output_item.done", "item": {"id": "i", "type": "message", "role": "assistant"}},
    {"type": "response.done", "response": {"id": "resp_123"}},
]


@pytest.mark.parametrize(
    ("sent", "dialect"),
    [
        (ATTEMPT_1, "chatkit-invented"),
        (ATTEMPT_2, "assistants"),
        (ATTEMPT_3, "responses"),
        ([{"type": "response.created"}, {"type": "response.output_text.delta", "delta": "x"}], "responses"),
        ([("response.output_text.delta", {"delta": "x"})], "responses"),
        ([{"type": "session.created"}, {"type": "response.audio.delta"}], "realtime"),
        ([{"type": "conversation.item.created", "item": {}}], "realtime"),
        ([{"object": "thread.message.delta", "delta": {}}], "assistants"),
        ([("thread.run.created", {"object": "thread.run"}), ("done", "[DONE]")], "assistants"),
        (
            [{"object": "chat.completion.chunk", "choices": [{"delta": {"content": "x"}}]}, "[DONE]"],
            "chat-completions",
        ),
        ([{"choices": [{"index": 0, "delta": {}}]}], "chat-completions"),
        (
            [{"type": "start"}, {"type": "text-delta", "id": "1", "delta": "x"}, {"type": "finish"}],
            "vercel-ai",
        ),
        ([{"type": "RUN_STARTED"}, {"type": "TEXT_MESSAGE_CONTENT", "delta": "x"}], "ag-ui"),
        ([{"event": "on_chat_model_stream", "data": {}, "run_id": "1"}], "langgraph"),
        ([("messages/partial", [{"content": "x"}])], "langgraph"),
        ([{"ops": [{"op": "add", "path": "/streamed_output/-", "value": "x"}]}], "langgraph"),
        ([{"type": "message_start", "message": {}}, {"type": "content_block_delta"}], "anthropic-messages"),
        ([{"type": "text", "content": "x"}], "home-made"),
        ([{"token": "x"}, {"token": "y"}], "home-made"),
        (["Hello", " there"], "plain-text"),
        (["Hello", "[DONE]"], "plain-text"),
    ],
)
def test_a_dialect_is_recognised(sent: list[Sent], dialect: str) -> None:
    assert found(*sent).dialect.id == dialect


@pytest.mark.parametrize(
    "sent",
    [
        good(),
        [created(), user(), reply()],
        [*good(), {"type": "heartbeat"}],
        [*good(), {"type": "response.completed"}, {"type": "response.done"}],
        [created(), done(user()), {"type": "thread.item.complete", "item": reply()}],
        [created(), {"type": "error", "code": "stream.error"}],
        [created(), {"type": "status", "message": "thinking"}, {"type": "error"}],
        [created(), {"type": "ping"}],
        ["null", "[1]", ""],
        ["[DONE]"],
        ['{"type": '],
        [],
    ],
)
def test_chatkit_is_no_dialect_however_badly_it_is_spoken(sent: list[Sent]) -> None:
    assert recognise(frames(sent)) is None


def test_a_reply_in_another_protocol_is_recognised_behind_a_good_beginning() -> None:
    deltas = [{"type": "response.output_text.delta", "delta": word} for word in ("one", "two")]
    recognition = found(created(), done(user()), *deltas)
    assert (recognition.dialect.id, recognition.partly) == ("responses", True)


def test_a_well_known_protocol_wins_over_strays() -> None:
    strays = [{"type": "token", "text": "x"}] * 3
    assert found({"type": "response.created"}, *strays).dialect.id == "responses"


def test_the_names_are_those_of_every_foreign_event() -> None:
    assert found(*ATTEMPT_3).names[:2] == ["conversation.item.created", "response.created"]


def test_each_foreign_event_says_what_was_meant() -> None:
    meanings = dict(found(*ATTEMPT_3).meanings)
    assert "user_message" in meanings["conversation.item.created"]
    assert "text_delta" in meanings["response.text.delta"]
    assert "assistant_message" in meanings["response.output_item.done"]


def test_the_persons_message_is_told_from_the_reply_by_its_role() -> None:
    meant = [event.meant for event in found(*ATTEMPT_2).events]
    assert "user_message" in meant[0]
    assert "assistant_message" in meant[1]


def test_items_of_the_protocol_are_not_foreign() -> None:
    assert recognise(frames([created(), done(item("widget", widget={}))])) is None


@pytest.mark.parametrize(
    ("body", "dialect"),
    [
        ('f:{"messageId":"m"}\n0:"Hel"\n0:"lo"\nd:{"finishReason":"stop"}\n', "vercel-ai"),
        ('{"type":"response.created"}\n{"type":"response.output_text.delta"}\n', "responses"),
        ('{"reply": "Hello"}', "home-made"),
    ],
)
def test_a_body_without_framing_is_recognised_by_its_lines(body: str, dialect: str) -> None:
    recognition = recognise_lines(body)
    assert recognition is not None
    assert recognition.dialect.id == dialect


def test_ndjson_of_chatkit_events_is_no_dialect() -> None:
    assert recognise_lines("\n".join(json.dumps(event) for event in good())) is None


def test_ids_are_unique_and_every_dialect_says_what_was_meant() -> None:
    assert len({dialect.id for dialect in DIALECTS}) == len(DIALECTS)
    assert all(dialect.meant for dialect in DIALECTS)
