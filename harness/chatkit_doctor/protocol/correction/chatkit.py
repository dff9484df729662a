"""What a stream of ChatKit's own events says, however badly it says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from chatkit_doctor.protocol.correction.steps import (
    Delta,
    Ended,
    FullText,
    PassThrough,
    Started,
    Step,
    failure,
    part_of,
    string,
    text_in,
)
from chatkit_doctor.protocol.dialects.dialect import Frame
from chatkit_doctor.protocol.events import (
    EVENT_TYPES,
    ITEM_TYPES,
    ROLE_ITEMS,
    is_bare_item,
    item_of,
    member,
    type_of,
)
from chatkit_doctor.protocol.payload import JsonObject

_PART: str = "assistant_message.content_part."


def is_own(frame: Frame) -> bool:
    """Whether a frame is an event of ChatKit, or an item sent as one."""
    return frame.type in EVENT_TYPES or is_bare_item(frame.object)


def known_ids(frames: Sequence[Frame]) -> frozenset[str]:
    """The ids of the items that a stream sends: what updates may refer to."""
    return frozenset(string(item.get("id")) for frame in frames if (item := _item(frame.object)) is not None)


def read(event: JsonObject, known: frozenset[str]) -> Iterator[Step]:
    """The steps of one event. An update of an id that no item has is meant for the message being told."""
    kind, item, update = type_of(event), _item(event), member(event, "update")
    if item is not None:
        yield from _item_steps(event, item)
    elif kind == "error":
        yield failure(event)
    elif kind == "thread.item.updated" and type_of(update).startswith(_PART):
        key = string(event.get("item_id"))
        yield from _update_steps(update, key if key in known else "")
    elif kind != "thread.created":
        yield PassThrough(event)


def _item(event: JsonObject) -> JsonObject | None:
    return event if is_bare_item(event) else item_of(event)


def _meant_type(item: JsonObject) -> str:
    """The type of an item; one that is no item of ChatKit's is known by its role, if it has one."""
    kind = type_of(item)
    return kind if kind in ITEM_TYPES else ROLE_ITEMS.get(string(item.get("role")), kind)


def _item_steps(event: JsonObject, item: JsonObject) -> Iterator[Step]:
    kind, key = type_of(event), string(item.get("id"))
    if _meant_type(item) == "user_message":
        return
    if _meant_type(item) != "assistant_message":
        yield PassThrough({"type": "thread.item.done", "item": item} if is_bare_item(event) else event)
        return
    if kind == "thread.item.added":
        yield Started(key)
    content = item.get("content")
    for number, part in enumerate(content if isinstance(content, list) else [content]):
        if text := text_in(part):
            yield FullText(text, key, number, _annotations(part), revised=kind == "thread.item.replaced")
    if kind != "thread.item.added":
        yield Ended(key)


def _update_steps(update: JsonObject, key: str) -> Iterator[Step]:
    kind, content = type_of(update).removeprefix(_PART), update.get("content")
    part = part_of(update)
    if kind == "text_delta":
        yield Delta(text_in(update.get("delta")), key, part)
    elif kind in {"added", "done"} and (text := text_in(content)):
        yield FullText(text, key, part, _annotations(content))


def _annotations(part: object) -> tuple[JsonObject, ...]:
    found = part.get("annotations") if isinstance(part, Mapping) else None
    return tuple(cast("JsonObject", each) for each in found or () if isinstance(each, Mapping))
