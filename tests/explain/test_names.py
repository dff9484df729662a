"""Names of other APIs' events: the table of the dialects knows them, and what ChatKit wants instead."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from openai.types.beta import AssistantStreamEvent
from openai.types.realtime import RealtimeServerEvent
from openai.types.responses import ResponseStreamEvent

from chatkit_doctor.errors import UsageError
from chatkit_doctor.explain.lookup import explain
from chatkit_doctor.explain.model import Kind
from chatkit_doctor.explain.names import foreign_name, published
from chatkit_doctor.protocol.dialects import DIALECTS
from chatkit_doctor.protocol.events import EVENT_TYPES, UPDATE_TYPES
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS


def sdk_names(union: Any) -> Iterator[str]:
    """The names that OpenAI's own types give to the events of a stream."""
    members = typing.get_args(union)
    if typing.get_origin(union) is Annotated:
        members = typing.get_args(members[0])
    for model in members:
        field = model.model_fields.get("event") or model.model_fields["type"]
        yield from typing.get_args(field.annotation)


@pytest.mark.parametrize(
    ("dialect", "union"),
    [
        ("responses", ResponseStreamEvent),
        ("realtime", RealtimeServerEvent),
        ("assistants", AssistantStreamEvent),
    ],
)
def test_every_name_of_openais_own_types_is_in_the_table(dialect: str, union: Any) -> None:
    (names,) = (found.names for found in DIALECTS if found.id == dialect)
    wanted = set(sdk_names(union)) - EVENT_TYPES
    assert len(wanted) > 20
    assert wanted - set(names) == set()


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.id)
def test_names_are_in_the_table_once(dialect: Any) -> None:
    assert len(dialect.names) == len(set(dialect.names))
    assert set(dialect.names) & (EVENT_TYPES | UPDATE_TYPES | set(CAUSES) | set(SYMPTOMS)) == set()


def test_every_name_of_the_table_is_recognised_in_a_stream_and_explained() -> None:
    explained = {name: explain(name) for name in published()}
    assert len(explained) > 200
    assert [name for name in explained if foreign_name(name) is None] == []
    assert [name for name, found in explained.items() if (found.id, found.kind) != (name, Kind.NAME)] == []
    assert {found.related[0] for found in explained.values()} == {"wrong-dialect"}


@pytest.mark.parametrize(
    ("name", "api", "event"),
    [
        ("response.output_text.delta", "Responses API", "assistant_message.content_part.text_delta"),
        ("thread.message.delta", "Assistants API", "assistant_message.content_part.text_delta"),
        ("thread.message.completed", "Assistants API", "thread.item.done"),
        ("conversation.item.created", "Realtime API", "thread.item.done"),
        ("conversation.item.deleted", "Realtime API", "thread.item.removed"),
        ("chat.completion.chunk", "Chat Completions API", "thread.item.added"),
        ("content_block_delta", "Anthropic's Messages API", "assistant_message.content_part.text_delta"),
        ("text-delta", "Vercel's AI SDK", "assistant_message.content_part.text_delta"),
        ("TEXT_MESSAGE_CONTENT", "AG-UI", "assistant_message.content_part.text_delta"),
        ("on_chat_model_stream", "LangGraph", "assistant_message.content_part.text_delta"),
        ("messages/partial", "LangGraph", "assistant_message.content_part.text_delta"),
    ],
)
def test_a_name_is_told_with_its_api_and_with_what_chatkit_expects(name: str, api: str, event: str) -> None:
    explained = explain(name)
    assert api in explained.title
    assert event in explained.fix or event in explained.related
    assert name in explained.sent[0].text
    if event in explained.related:
        assert any(event in snippet.text for snippet in explained.instead)


@pytest.mark.parametrize("name", ["response.done", "thread.run.completed"])
def test_for_the_end_of_a_stream_nothing_is_to_be_sent(name: str) -> None:
    explained = explain(name)
    assert explained.fix == "Send nothing: a ChatKit stream ends when its body ends."
    assert explained.instead == []


def test_a_name_of_two_apis_is_told_with_both() -> None:
    title = explain("response.created").title
    assert "Responses API" in title
    assert "Realtime API" in title


def test_an_invented_name_is_said_to_sound_like_chatkits() -> None:
    explained = explain("thread.item.assistant_message")
    assert "sounds like ChatKit's own" in explained.title
    assert "thread.item.done" in explained.fix


def test_a_name_of_a_format_of_ones_own_is_no_event_either() -> None:
    assert "a custom JSON format" in explain("token").title


def test_a_newer_event_of_a_known_api_is_known_by_its_like() -> None:
    assert "Responses API" in explain("response.something_new.delta").title


def test_for_a_name_with_a_mistake_the_nearest_of_the_table_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        explain("conent_block_delta")
    assert "content_block_delta" in caught.value.hint
