"""The names of the ChatKit protocol, and the few facts about events that need no schema.

The sets repeat ``chatkit.types`` of PyPI openai-chatkit 1.6.5 so that nobody has to import it to know a name;
a test holds them against the installed package.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, cast

from chatkit_doctor.protocol.payload import JsonObject

EVENT_TYPES: Final = frozenset(
    {
        "thread.created",
        "thread.updated",
        "thread.item.added",
        "thread.item.updated",
        "thread.item.done",
        "thread.item.removed",
        "thread.item.replaced",
        "stream_options",
        "progress_update",
        "client_effect",
        "error",
        "notice",
    }
)
"""Every event a stream may carry (``ThreadStreamEvent``)."""

ITEM_EVENTS: Final = frozenset({"thread.item.added", "thread.item.done", "thread.item.replaced"})
"""Events that carry a whole item."""

CONTENT_EVENTS: Final = ITEM_EVENTS | {"thread.item.updated", "thread.item.removed"}
"""Events without which nothing appears in a transcript."""

UPDATE_TYPES: Final = frozenset(
    {
        "assistant_message.content_part.added",
        "assistant_message.content_part.text_delta",
        "assistant_message.content_part.annotation_added",
        "assistant_message.content_part.done",
        "widget.streaming_text.value_delta",
        "widget.component.updated",
        "widget.root.updated",
        "workflow.task.added",
        "workflow.task.updated",
        "generated_image.updated",
    }
)
"""What ``thread.item.updated`` may bring (``ThreadItemUpdate``)."""

SHOWN_REPLY_ITEMS: Final = frozenset(
    {"assistant_message", "widget", "generated_image", "structured_input", "workflow", "task"}
)
"""Items that are rendered as part of the assistant's turn."""

UNSEEN_ITEMS: Final = frozenset(
    {"client_tool_call", "end_of_turn", "hidden_context_item", "sdk_hidden_context"}
)
"""Items that never show as a message."""

ITEM_TYPES: Final = SHOWN_REPLY_ITEMS | UNSEEN_ITEMS | {"user_message"}
"""Every item type (``ThreadItem``)."""

ROLE_ITEMS: Final = {"assistant": "assistant_message", "user": "user_message"}
"""The items by who speaks: other protocols have one type of message, and a role beside it."""

TEXT_DELTA: Final = "assistant_message.content_part.text_delta"


def type_of(event: JsonObject) -> str:
    """The event's type; empty where it has none."""
    value = event.get("type")
    return value if isinstance(value, str) else ""


def member(value: JsonObject, key: str) -> JsonObject:
    """An object inside an object, or an empty one."""
    inner = value.get(key)
    return cast("JsonObject", inner) if isinstance(inner, Mapping) else {}


def item_of(event: JsonObject) -> JsonObject | None:
    """The item a ``thread.item.added``, ``.done`` or ``.replaced`` carries."""
    item = event.get("item")
    return cast("JsonObject", item) if type_of(event) in ITEM_EVENTS and isinstance(item, Mapping) else None


def item_id(item: JsonObject | None) -> str | None:
    """The name that the component knows an item by: a number's is its digits; None where it has none."""
    return _named(item.get("id")) if item is not None else None


def named_id(event: JsonObject) -> str | None:
    """The ``item_id`` an update or removal names, as :func:`item_id` would give it."""
    return _named(event.get("item_id"))


def is_bare_item(event: JsonObject) -> bool:
    """Whether the event is an item itself, sent without an event around it."""
    return type_of(event) in ITEM_TYPES and ("id" in event or "content" in event)


def text_of(item: JsonObject) -> str:
    """The text of a user's or assistant's message: its parts, one per line where there are several."""
    content = item.get("content")
    if not isinstance(content, list):
        return ""
    kinds = {"input_text", "input_tag"} if type_of(item) == "user_message" else {"output_text"}
    parts = (part for part in content if isinstance(part, Mapping) and type_of(part) in kinds)
    return "\n".join(text for part in parts if isinstance(text := part.get("text"), str) and text)


def delta_of(event: JsonObject) -> str:
    """The piece of text an event brings on its way, whether or not the component understands the event."""
    holder = member(event, "update") if type_of(event) == "thread.item.updated" else event
    delta = holder.get("delta")
    is_text = type_of(holder) == TEXT_DELTA or type_of(event) not in EVENT_TYPES
    return delta if is_text and isinstance(delta, str) else ""


def nearest(name: str, valid: Iterable[str]) -> str:
    """The valid name that is spelled most like this one; empty when none is near."""
    return _nearest(name, frozenset(valid))


@lru_cache(maxsize=1024)
def _nearest(name: str, valid: frozenset[str]) -> str:
    names = sorted(valid)
    folded = {_folded(valid_name): valid_name for valid_name in names}
    if _folded(name) in folded:
        return folded[_folded(name)]
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.75)
    return close[0] if close else ""


def _named(value: object) -> str | None:
    if isinstance(value, str) or value is None:
        return value
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value, default=str)


def _folded(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
