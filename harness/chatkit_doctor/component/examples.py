"""One good event of each kind, with what has to come before it to mean something, and after it to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from chatkit_doctor.protocol.events import ITEM_EVENTS, ITEM_TYPES, item_of, member, type_of
from chatkit_doctor.protocol.payload import JsonObject

UPDATED: Final = "thread.item.updated"


@dataclass(frozen=True, slots=True)
class Example:
    """A good event in the first turn of a thread."""

    event: JsonObject
    before: tuple[JsonObject, ...] = ()
    after: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, slots=True)
class EventKind:
    """What an event is: its type, and that of the item or the update in it; empty where it has none."""

    type: str
    inner: str

    @classmethod
    def of(cls, event: JsonObject) -> EventKind:
        """The kind of an event."""
        kind = type_of(event)
        holder = member(event, "update") if kind == UPDATED else item_of(event) or {}
        return cls(kind, type_of(holder))


def example_of(event: JsonObject) -> Example | None:
    """A good event of the kind that an event is, or was meant to be; None for kinds that there are not."""
    return example_of_kind(EventKind.of(event))


def example_of_kind(kind: EventKind) -> Example | None:
    """A good event of a kind, as :func:`example_of` gives it."""
    if kind.type == UPDATED:
        return _UPDATES.get(kind.inner, _UPDATES["assistant_message.content_part.text_delta"])
    if kind.type not in ITEM_EVENTS:
        return _EVENTS.get(kind.type)
    wanted = kind.inner if kind.inner in ITEM_TYPES else "assistant_message"
    sample = _item(wanted)
    if kind.type == "thread.item.replaced":
        before = _REPLIED if wanted != "user_message" else _CONFIRMED
        known = member(before[-1], "item").get("id")
        return Example({"type": kind.type, "item": {**sample, "id": known}}, before)
    sent = {"type": kind.type, "item": sample}
    if wanted == "user_message":
        return Example(sent, (_CREATED,))
    # An item without an id is drawn alone, and takes its turn along once another one follows.
    return Example(sent, _CONFIRMED, ({"type": "thread.item.done", "item": {**_LATER, "id": "x2"}},))


_AT: Final = "2026-01-01T00:00:00"
_OWN: Final = {"thread_id": "thr_1", "created_at": _AT}
_NOTE: Final = {
    "type": "annotation",
    "source": {"type": "url", "title": "A", "url": "https://a.test"},
    "index": 3,
}
_TEXT: Final = {"type": "output_text", "text": "A reply", "annotations": [_NOTE]}
_CARD: Final = {"type": "Card", "children": [{"type": "Text", "id": "text", "value": "A card"}]}
_TASK: Final = {"type": "custom", "title": "A task"}
_QUESTION: Final = {
    "type": "multiple_choice",
    "id": "q1",
    "question": "Which?",
    "options": [{"value": "A"}],
    "answer": {"values": ["A"], "skipped": False},
}
_ITEMS: Final[Mapping[str, Mapping[str, Any]]] = {
    "user_message": {
        "content": [{"type": "input_text", "text": "A question"}],
        "attachments": [],
        "inference_options": {},
    },
    "assistant_message": {"content": [_TEXT]},
    "widget": {"widget": {**_CARD, "status": {"text": "New"}, "confirm": {"label": "Yes"}}},
    "generated_image": {"image": {"id": "i1", "url": "data:,"}},
    "structured_input": {"status": "answered", "inputs": [_QUESTION]},
    "workflow": {
        "workflow": {
            "type": "custom",
            "tasks": [_TASK],
            "summary": {"title": "A summary"},
            "expanded": True,
        }
    },
    "task": {"task": _TASK},
    "client_tool_call": {"call_id": "c1", "name": "look", "arguments": {}, "status": "completed"},
    "end_of_turn": {},
    "hidden_context_item": {"content": "x"},
    "sdk_hidden_context": {"content": "x"},
}


def _item(kind: str) -> dict[str, Any]:
    return {"id": "u1" if kind == "user_message" else "x1", "type": kind, **_OWN, **_ITEMS[kind]}


def _added(kind: str, **other: object) -> JsonObject:
    return {"type": "thread.item.added", "item": {**_item(kind), **other}}


def _updated(kind: str, **other: object) -> JsonObject:
    return {"type": UPDATED, "item_id": "x1", "update": {"type": kind, **other}}


_THREAD: Final = {
    "id": "thr_1",
    "title": "A thread",
    "created_at": _AT,
    "status": {"type": "active"},
    "items": {"data": [], "has_more": False},
}
_CREATED: Final[JsonObject] = {"type": "thread.created", "thread": _THREAD}
_CONFIRMED: Final = (_CREATED, {"type": "thread.item.done", "item": _item("user_message")})
_REPLIED: Final = (*_CONFIRMED, {"type": "thread.item.done", "item": _item("assistant_message")})

_LATER: Final = _item("assistant_message")

_PART: Final = "assistant_message.content_part."
_EMPTY: Final = {"type": "output_text", "text": "", "annotations": []}
_BEGUN: Final = (*_CONFIRMED, _added("assistant_message", content=[]))
_PART_ADDED: Final = _updated(f"{_PART}added", content_index=0, content=_EMPTY)
_DELTA: Final = _updated(f"{_PART}text_delta", content_index=0, delta="A reply")
_PART_DONE: Final = _updated(f"{_PART}done", content_index=0, content=_TEXT)
_WIDGET: Final = (*_CONFIRMED, _added("widget", widget=_CARD))
_FLOW: Final = (*_CONFIRMED, _added("workflow", workflow={"type": "custom", "tasks": [], "expanded": True}))

_UPDATES: Final[Mapping[str, Example]] = {
    f"{_PART}added": Example(_PART_ADDED, _BEGUN, (_DELTA, _PART_DONE)),
    f"{_PART}text_delta": Example(_DELTA, (*_CONFIRMED, _added("assistant_message", content=[_EMPTY]))),
    f"{_PART}annotation_added": Example(
        _updated(f"{_PART}annotation_added", content_index=0, annotation_index=1, annotation=_NOTE),
        (*_CONFIRMED, _added("assistant_message")),
    ),
    f"{_PART}done": Example(_PART_DONE, (*_BEGUN, _PART_ADDED)),
    "widget.streaming_text.value_delta": Example(
        _updated("widget.streaming_text.value_delta", component_id="text", delta=" more", done=True), _WIDGET
    ),
    "widget.component.updated": Example(
        _updated(
            "widget.component.updated", component_id="text", component={"type": "Text", "value": "Another"}
        ),
        _WIDGET,
    ),
    "widget.root.updated": Example(
        _updated(
            "widget.root.updated", widget={"type": "Basic", "children": [{"type": "Text", "value": "Other"}]}
        ),
        _WIDGET,
    ),
    "workflow.task.added": Example(_updated("workflow.task.added", task_index=0, task=_TASK), _FLOW),
    "workflow.task.updated": Example(_updated("workflow.task.updated", task_index=0, task=_TASK), _FLOW),
    "generated_image.updated": Example(
        _updated("generated_image.updated", image={"id": "i1", "url": "data:,"}, progress=1),
        (*_CONFIRMED, _added("generated_image", image=None)),
    ),
}

_EVENTS: Final[Mapping[str, Example]] = {
    "thread.created": Example(_CREATED, (), _CONFIRMED[1:]),
    "thread.updated": Example({"type": "thread.updated", "thread": {**_THREAD, "title": "New"}}, _REPLIED),
    "thread.item.removed": Example({"type": "thread.item.removed", "item_id": "x1"}, _REPLIED),
    "stream_options": Example(
        {"type": "stream_options", "stream_options": {"allow_cancel": True}}, _CONFIRMED
    ),
    "progress_update": Example({"type": "progress_update", "icon": "search", "text": "Looking"}, _CONFIRMED),
    "notice": Example(
        {"type": "notice", "level": "info", "title": "A notice", "message": "Of something"}, _REPLIED
    ),
    "error": Example(
        {"type": "error", "code": "custom", "message": "It failed", "allow_retry": True}, _REPLIED
    ),
    "client_effect": Example({"type": "client_effect", "name": "ring", "data": {}}, _REPLIED),
}
