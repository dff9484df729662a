"""Every example of the explanations holds: events are valid, Python compiles and names what there is."""

from __future__ import annotations

import ast
import asyncio
import builtins
import importlib
import textwrap
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

import pytest
from chatkit.store import default_generate_id
from chatkit.types import AssistantMessageItem, ThreadMetadata, ThreadStreamEvent
from pydantic import BaseModel, TypeAdapter

from chatkit_doctor.explain.explain import CONTENT, entries, explanations
from chatkit_doctor.explain.model import Entry
from chatkit_doctor.protocol.events import EVENT_TYPES, UPDATE_TYPES
from chatkit_doctor.protocol.schema import check_event, check_thread
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS

EVENTS: Final[TypeAdapter[Any]] = TypeAdapter(ThreadStreamEvent)
FILES: Final = sorted(path.stem for path in CONTENT.glob("*.yaml"))
ENTRIES: Final = {id_: entry for name in FILES for id_, entry in entries(name).items()}
WITH_PYTHON: Final = sorted(id_ for id_, entry in ENTRIES.items() if entry.instead.python)
WITH_EVENTS: Final = sorted(id_ for id_, entry in ENTRIES.items() if entry.instead.events)

SDK_MODULES: Final = ("types", "server", "store", "agents", "errors", "widgets")
AROUND: Final = {
    # What stands around an example: the method it is in, and the application.
    *("self", "thread", "input_user_message", "context", "agent_context", "result", "assistant"),
    *("app", "server", "request", "body", "operation", "queue", "events", "event", "item", "text"),
    *("reply_id", "widget_id", "workflow_id", "image_id", "load_orders"),
    *("datetime", "json", "TypeAdapter", "Request", "Response", "StreamingResponse", "CORSMiddleware"),
}


def sdk() -> dict[str, Any]:
    """Everything that the modules of openai-chatkit give."""
    modules = [importlib.import_module(f"chatkit.{name}") for name in SDK_MODULES]
    return {name: value for module in reversed(modules) for name, value in vars(module).items()}


def parsed(source: str) -> ast.Module:
    """An example as it is in an asynchronous generator, which is where it is meant to stand."""
    return ast.parse(f"async def respond():\n{textwrap.indent(source, '    ')}")


def bound(tree: ast.Module) -> set[str]:
    """The names an example itself gives a meaning."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.MatchAs):
            names.add(node.name or "")
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def sent_events(tree: ast.Module) -> Iterator[ast.expr]:
    """The event expressions an example sends, where they stand by themselves."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Call):
            function = node.value.func
            if isinstance(function, ast.Name) and function.id.endswith("Event"):
                yield node.value


def surroundings(tree: ast.Module) -> dict[str, Any]:
    """Values for what stands around an example, and for what it imports."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    store = SimpleNamespace(generate_item_id=lambda kind, *_: default_generate_id(kind))
    names: dict[str, Any] = {
        **sdk(),
        **dict.fromkeys(("reply_id", "widget_id", "workflow_id", "image_id"), "id_1"),
        "thread": ThreadMetadata(id="thr_1", created_at=at),
        "item": AssistantMessageItem(id="a", thread_id="thr_1", created_at=at, content=[]),
        "items": SimpleNamespace(data=[]),
        "text": "Here is the answer.",
        "context": {},
        "datetime": datetime,
        "self": SimpleNamespace(store=store),
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = importlib.import_module(node.module or "")
            names |= {alias.asname or alias.name: getattr(module, alias.name) for alias in node.names}
    return names


def evaluated(expression: ast.expr, tree: ast.Module) -> Any:
    """The value of an expression of our own examples."""
    return eval(compile(ast.Expression(expression), "example", "eval"), surroundings(tree))  # noqa: S307


def test_every_id_is_explained_and_nothing_else() -> None:
    known = {*CAUSES, *SYMPTOMS, *EVENT_TYPES, *UPDATE_TYPES}
    assert set(ENTRIES) == known == set(explanations())


@pytest.mark.parametrize("name", FILES)
def test_each_cause_stands_in_the_file_of_its_layer(name: str) -> None:
    if name == "symptoms":
        assert list(entries(name)) == list(SYMPTOMS)
    elif name == "events":
        assert set(entries(name)) == EVENT_TYPES | UPDATE_TYPES
        assert all(entry.title for entry in entries(name).values())
    else:
        assert list(entries(name)) == [
            id_ for id_, (layer, _) in CAUSES.items() if str(layer or "unexplained") == name
        ]


@pytest.mark.parametrize("id_", WITH_EVENTS)
def test_every_event_to_send_is_valid(id_: str) -> None:
    for event in ENTRIES[id_].instead.events:
        EVENTS.validate_python(event)
        assert check_event(event) == ()


@pytest.mark.parametrize("id_", sorted(id_ for id_, (layer, _) in CAUSES.items() if layer == "protocol"))
def test_what_is_said_to_go_wrong_differs_from_what_is_right(id_: str) -> None:
    entry = ENTRIES[id_]
    # What does not stream is a document.
    assert entry.instead.events or entry.instead.json_
    assert entry.instead.python
    assert (entry.sent.events, entry.sent.json_) != (entry.instead.events, entry.instead.json_)


@pytest.mark.parametrize("id_", sorted(EVENT_TYPES | UPDATE_TYPES))
def test_an_event_is_shown_by_an_example_of_itself(id_: str) -> None:
    (event,) = ENTRIES[id_].instead.events
    assert id_ in {event["type"], event.get("update", {}).get("type")}
    for wrong in ENTRIES[id_].sent.events:
        assert wrong != event
        assert wrong.get("type") not in EVENT_TYPES or check_event(wrong)


@pytest.mark.parametrize("id_", ["thread-read-failed", "send-ignored", "history-altered"])
def test_every_thread_to_answer_with_can_be_read(id_: str) -> None:
    assert check_thread(ENTRIES[id_].instead.json_) == ()


@pytest.mark.parametrize("id_", WITH_PYTHON)
def test_python_compiles_and_names_what_there_is(id_: str) -> None:
    tree = parsed(ENTRIES[id_].instead.python)
    compile(tree, id_, "exec")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = importlib.import_module(node.module or "")
            assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []
    known = {*vars(builtins), *sdk(), *AROUND, *bound(tree)}
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    assert used - known == set()


@pytest.mark.parametrize("id_", WITH_PYTHON)
def test_an_event_in_python_is_a_valid_event(id_: str) -> None:
    tree = parsed(ENTRIES[id_].instead.python)
    for expression in sent_events(tree):
        made = evaluated(expression, tree)
        assert isinstance(made, BaseModel)
        EVENTS.validate_json(made.model_dump_json(exclude_none=True))


@pytest.mark.parametrize("id_", sorted(EVENT_TYPES | UPDATE_TYPES))
def test_the_python_of_an_event_makes_that_event(id_: str) -> None:
    tree = parsed(ENTRIES[id_].instead.python)
    (expression,) = sent_events(tree)
    made = evaluated(expression, tree).model_dump(mode="json")
    assert id_ in {made["type"], (made.get("update") or {}).get("type")}


def test_wrong_events_are_wrong_for_the_component_or_in_their_place() -> None:
    wrong = ENTRIES["invalid-event"].sent.events
    assert any(check_event(event) for event in wrong)


def test_an_entry_without_an_example_is_refused() -> None:
    with pytest.raises(ValueError, match="an example is needed"):
        Entry.model_validate({"sent": {"events": []}, "does": "x", "instead": {"text": "y"}})


def test_related_ids_are_explained_too() -> None:
    known = explanations()
    for explanation in known.values():
        assert [related for related in explanation.related if related not in known] == []


def test_a_cause_and_its_symptoms_name_each_other() -> None:
    known = explanations()
    for cause in CAUSES:
        for symptom in known[cause].related:
            assert cause in known[symptom].related
    assert "start-screen-returned" in known["thread-created-missing"].related


@pytest.mark.parametrize("symptom", sorted(SYMPTOMS))
def test_every_symptom_has_a_cause(symptom: str) -> None:
    assert explanations()[symptom].related


def test_the_mapping_of_ids_gives_every_item_one_of_its_own() -> None:
    types = sdk()
    at = datetime(2026, 1, 1, tzinfo=UTC)

    def item(text: str) -> Any:
        content = [{"type": "output_text", "text": text}] if text else []
        return AssistantMessageItem.model_validate(
            {"id": "__fake_id__", "thread_id": "thr_1", "created_at": at, "content": content}
        )

    delta = types["AssistantMessageContentPartTextDelta"](content_index=0, delta="One")
    sent = [
        types["ThreadItemAddedEvent"](item=item("")),
        types["ThreadItemUpdatedEvent"](item_id="__fake_id__", update=delta),
        types["ThreadItemDoneEvent"](item=item("One")),
        types["ThreadItemDoneEvent"](item=item("Two")),
    ]

    async def stream_agent_response(*_: object) -> AsyncIterator[Any]:
        for event in sent:
            yield event

    tree = parsed(ENTRIES["item-id-collision"].instead.python)
    names = {
        **surroundings(tree),
        "stream_agent_response": stream_agent_response,
        "agent_context": None,
        "result": None,
    }
    exec(compile(tree, "example", "exec"), names)  # noqa: S102 - our own example

    async def collected() -> list[Any]:
        return [event async for event in names["respond"]()]

    added, updated, first, second = asyncio.run(collected())
    assert added.item.id == updated.item_id == first.item.id
    assert len({first.item.id, second.item.id, "__fake_id__"}) == 3
