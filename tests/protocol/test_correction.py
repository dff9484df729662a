"""The stream a backend should have sent, made from the one it did send."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from chatkit.types import ThreadStreamEvent
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import TypeAdapter

from chatkit_doctor.component.transcript import Transcript, transcript
from chatkit_doctor.protocol.correction import as_sse, corrected
from chatkit_doctor.protocol.correction.correct import READERS, UNKNOWN_MESSAGE
from chatkit_doctor.protocol.dialects import DIALECTS, Frame, line_frames, recognise
from chatkit_doctor.protocol.payload import JsonObject, parse_json
from chatkit_doctor.protocol.schema import check_event
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.scenario.backend import ScriptBackend
from chatkit_doctor.scenario.frames import EventFrame, NamedFrame
from chatkit_doctor.scenario.select import select
from tests.chatkit_events import (
    ANSWER,
    HELLO,
    added,
    created,
    delta,
    done,
    good,
    item,
    part,
    part_done,
    removed,
    reply,
    user,
)
from tests.examples import examples
from tests.protocol.dialect_streams import DIALECT_STREAMS, Sent, ai, completion

FIRST: dict[str, Any] = {
    "type": "threads.create",
    "params": {"input": {"content": [{"type": "input_text", "text": HELLO}], "quoted_text": ""}},
}
LATER: dict[str, Any] = {
    "type": "threads.add_user_message",
    "params": {"thread_id": "thr_7", "input": {"content": [{"type": "input_text", "text": "More"}]}},
}
EVENTS: TypeAdapter[object] = TypeAdapter(ThreadStreamEvent)


def frames(sent: Sequence[Sent]) -> list[Frame]:
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


def correct(sent: Sequence[Sent], request: dict[str, Any] = FIRST, turn: int = 1) -> list[JsonObject]:
    """The corrected stream, each event of it valid for the SDK and for the component."""
    events = corrected(frames(sent), op=request["type"], request=request, turn=turn)
    for event in events:
        EVENTS.validate_python(event)
        assert check_event(event) == ()
    return events


def shown(events: Sequence[JsonObject]) -> Transcript:
    """What the component makes of a first turn."""
    return transcript([events])


def deltas(events: Sequence[JsonObject]) -> list[str]:
    """The text as it is streamed."""
    return [e["update"]["delta"] for e in events if "delta" in e.get("update", {})]


@pytest.mark.parametrize("dialect", sorted(DIALECT_STREAMS))
def test_the_reply_of_every_dialect_is_told_in_chatkit(dialect: str) -> None:
    sent = DIALECT_STREAMS[dialect]
    recognition = recognise(frames(sent))
    assert recognition is not None
    assert recognition.dialect.id == dialect
    events = correct(sent)
    result = shown(events)
    assert (result.texts("user"), result.texts("assistant")) == ([HELLO], ["One two"])
    assert all(message.done for message in result.items)
    assert deltas(events) == ["One ", "two"]


def test_every_dialect_has_a_reader_and_a_case() -> None:
    ids = {dialect.id for dialect in DIALECTS}
    assert ids == set(READERS) == set(DIALECT_STREAMS)


def test_the_order_is_that_of_a_good_turn() -> None:
    events = correct(DIALECT_STREAMS["responses"])
    kinds = [e["type"] if "update" not in e else e["update"]["type"].rpartition(".")[2] for e in events]
    assert kinds == [
        "thread.created",
        "thread.item.done",
        "thread.item.added",
        "added",
        "text_delta",
        "text_delta",
        "done",
        "thread.item.done",
    ]


def test_a_later_turn_begins_at_the_persons_message_and_has_ids_of_its_own() -> None:
    first = correct(DIALECT_STREAMS["responses"])
    later = correct(DIALECT_STREAMS["responses"], LATER, turn=2)
    assert later[0]["type"] == "thread.item.done"
    assert later[0]["item"]["thread_id"] == "thr_7"
    both = transcript([first, later])
    assert both.texts("user") == [HELLO, "More"]
    assert both.texts("assistant") == ["One two", "One two"]


def test_an_operation_without_a_message_confirms_none() -> None:
    request = {"type": "threads.add_client_tool_output", "params": {"thread_id": "thr_7", "result": {}}}
    events = correct(DIALECT_STREAMS["chat-completions"], request)
    assert {e["item"]["type"] for e in events if "item" in e} == {"assistant_message"}


def test_a_message_nobody_recorded_has_a_stand_in() -> None:
    events = corrected(frames(DIALECT_STREAMS["plain-text"]), op="threads.create", request=None)
    assert shown(events).texts("user") == [UNKNOWN_MESSAGE]


def test_an_announced_thread_keeps_its_id() -> None:
    assert shown(correct(DIALECT_STREAMS["assistants"])).thread_id == "thread_9"
    assert shown(correct([created("thr_5"), {"type": "response.output_text.delta", "delta": "x"}])).thread_id


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (
            [{"type": "response.failed", "response": {"error": {"code": "x", "message": "No quota"}}}],
            "No quota",
        ),
        (
            [("thread.run.failed", {"object": "thread.run", "last_error": {"message": "No quota"}})],
            "No quota",
        ),
        ([{"type": "RUN_STARTED"}, {"type": "RUN_ERROR", "message": "No quota"}], "No quota"),
        (['3:"No quota"'], "No quota"),
        ([completion("x"), {"error": {"message": "No quota"}}], "No quota"),
        (
            [
                {"type": "start"},
                {"type": "text-delta", "delta": "x"},
                {"type": "error", "errorText": "No quota"},
            ],
            "No quota",
        ),
        (
            [
                {"type": "message_start"},
                {"type": "error", "error": {"type": "overloaded", "message": "No quota"}},
            ],
            "No quota",
        ),
        ([{"type": "token", "text": "x"}, {"type": "error", "message": "No quota"}], "No quota"),
        ([created(), {"type": "error"}], None),
    ],
)
def test_an_error_of_any_protocol_is_the_error_event(sent: list[Sent], message: str | None) -> None:
    (error,) = [event for event in correct(sent) if event["type"] == "error"]
    assert error.get("message") == message
    assert error["code"] == ("custom" if message else "stream.error")


def test_what_was_said_before_an_error_is_finished() -> None:
    events = correct([completion("Half"), {"error": {"message": "No quota"}}])
    assert [event["type"] for event in events][-2:] == ["thread.item.done", "error"]


def test_a_tool_before_the_reply_is_progress_and_one_behind_it_is_nothing() -> None:
    call = completion(delta={"tool_calls": [{"function": {"name": "weather"}}]})
    events = correct([call, completion("Sunny", finish_reason="stop"), call])
    progress = [event["text"] for event in events if event["type"] == "progress_update"]
    assert progress == ["Using weather"]


def test_several_messages_of_one_stream_stay_several() -> None:
    sent = [
        event
        for number in (1, 2)
        for event in (
            {"type": "TEXT_MESSAGE_START", "messageId": f"m{number}"},
            {"type": "TEXT_MESSAGE_CONTENT", "messageId": f"m{number}", "delta": f"Number {number}"},
        )
    ]
    assert shown(correct(sent)).texts("assistant") == ["Number 1", "Number 2"]


def test_a_text_that_grows_with_each_event_is_streamed_by_what_it_grows() -> None:
    events = correct([("messages/partial", [ai("One")]), ("messages/partial", [ai("One two")])])
    assert deltas(events) == ["One", " two"]


def test_the_lines_of_a_data_stream_are_read_too() -> None:
    text = 'f:{"messageId":"m"}\n0:"One "\n0:"two"\nd:{"finishReason":"stop"}\n'
    events = corrected(line_frames(text), op="threads.create", request=FIRST)
    assert shown(events).texts("assistant") == ["One two"]


OTHER_ID = {"type": "thread.item.done", "item": reply(item_id="a9")}


@pytest.mark.parametrize(
    "sent",
    [
        good(),
        good()[1:],
        [*good()[1:], good()[0]],
        [event for event in good() if event.get("item", {}).get("type") != "user_message"],
        [created(), user(), reply()],
        [created(), done(user()), delta(ANSWER)],
        [created(), done(user()), added(reply("")), part(), delta(ANSWER)],
        [created(), done(user(item_id="same")), done(reply(item_id="same"))],
        [
            created(),
            done(user()),
            added(reply("")),
            part("__fake_id__"),
            delta(ANSWER, "__fake_id__"),
            done(reply()),
        ],
        [created(), done(user()), added(reply("")), part(), delta(ANSWER), OTHER_ID],
        [created(), done(user()), added(reply("")), part(), delta(ANSWER), done(reply(""))],
        [
            created(),
            done(user()),
            done(item("assistant_message", "a1", content=[{"type": "text", "text": ANSWER}])),
        ],
        [created(), done(user()), done(item("assistant_message", "a1", content=ANSWER))],
        [created(), done(user()), {"type": "thread.item.complete", "item": reply()}],
        [created(), done(user()), done(reply()), part_done(), {"type": "response.completed"}],
        [created(), done(user()), {"type": "status", "message": "thinking"}, done(reply())],
    ],
    ids=[
        "good",
        "no thread.created",
        "thread.created last",
        "no user item",
        "bare items",
        "deltas only",
        "never done",
        "one id for two",
        "ids not mapped in updates",
        "another id when done",
        "wiped at the end",
        "parts of type text",
        "content as text",
        "an invented event",
        "strays",
        "a stray with text",
    ],
)
def test_a_broken_chatkit_stream_is_mended(sent: list[Sent]) -> None:
    result = shown(correct(sent))
    assert (result.texts("user"), result.texts("assistant")) == ([HELLO], [ANSWER])


def test_one_id_for_two_replies_becomes_two() -> None:
    fake = "__fake_id__"
    sent = [
        created(),
        *(e for text in ("One", "Two") for e in (added(reply("", fake)), done(reply(text, fake)))),
    ]
    assert shown(correct(sent)).texts("assistant") == ["One", "Two"]


def test_other_items_pass_where_they_are_valid() -> None:
    workflow = item("workflow", workflow={"type": "custom", "tasks": []})
    sent = [created(), done(workflow), done(item("widget", "w")), done(reply())]
    kinds = [event["item"]["type"] for event in correct(sent) if event["type"] == "thread.item.done"]
    assert kinds == ["user_message", "workflow", "assistant_message"]


def test_annotations_stay_with_their_text() -> None:
    source = {"type": "url", "url": "https://example.com", "title": "Example"}
    text = {
        "type": "output_text",
        "text": ANSWER,
        "annotations": [{"type": "annotation", "source": source}, {}],
    }
    events = correct([created(), done(item("assistant_message", "a1", content=[text]))])
    assert len(events[-1]["item"]["content"][0]["annotations"]) == 1


def test_a_removed_reply_is_removed_under_its_new_id() -> None:
    events = correct([created(), done(reply()), removed("a1"), done(reply("Better", "a2"))])
    assert shown(events).texts("assistant") == ["Better"]


def test_without_a_reply_none_is_made_up() -> None:
    events = correct([{"type": "response.created"}, {"type": "response.in_progress"}])
    assert [event["type"] for event in events] == ["thread.created", "thread.item.done"]


def test_it_is_written_as_server_sent_events() -> None:
    events = correct(DIALECT_STREAMS["plain-text"])
    read, problems = parse(as_sse(events))
    assert problems == []
    assert [json.loads(event.data) for event in read] == events


def test_the_seed_attempts_say_their_reply_live() -> None:
    for named in select(["seed"]):
        backend = named.scenario.backend
        assert isinstance(backend, ScriptBackend)
        (answer,) = backend.answers["*"]
        steps = [s for s in answer.stream or [] if isinstance(s, EventFrame | NamedFrame)]
        sent: list[Sent] = [(s.named, s.data) if isinstance(s, NamedFrame) else s.event for s in steps]
        events = correct(sent)
        assert shown(events).texts("assistant") == ["You have three open tasks."], named.name


JSON: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "text", "content", "delta", "type", "item", "choices", "message", "data"]),
            inner,
        )
    ),
    max_leaves=6,
)
STREAMS: list[list[Sent]] = [*DIALECT_STREAMS.values(), [*good()]]
KNOWN = [event for sent in STREAMS for event in sent if isinstance(event, dict)]
DAMAGED: SearchStrategy[Any] = st.builds(
    lambda event, changes: {**event, **changes},
    st.sampled_from(KNOWN),
    st.dictionaries(
        st.sampled_from(
            ["id", "item_id", "delta", "item", "update", "choices", "part", "messages", "thread"]
        ),
        JSON,
        max_size=2,
    ),
)


@examples(300)
@given(st.lists(DAMAGED | JSON, max_size=6), JSON)
def test_whatever_was_sent_the_answer_is_valid(sent: list[Any], request: object) -> None:
    made = [Frame("", json.dumps(value), value) for value in sent]
    for event in corrected(made, op="threads.create", request={"params": {"input": request}}):
        assert check_event(event) == ()


def test_a_message_with_the_assistants_role_is_told_as_the_reply() -> None:
    sent = [created(), done(user()), done({**reply(), "type": "message", "role": "assistant"})]
    assert [item.text for item in shown(correct(sent)).items if item.kind == "assistant_message"] == [ANSWER]


def test_a_message_with_the_users_role_is_the_persons_own() -> None:
    sent = [created(), done({**user(), "type": "message", "role": "user"}), done(reply())]
    assert [item.kind for item in shown(correct(sent)).items] == ["user_message", "assistant_message"]
