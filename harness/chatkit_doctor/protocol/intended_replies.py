"""What a backend meant to say in a stream, whatever the component makes of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from io import StringIO
from typing import Final

from chatkit_doctor.protocol.events import item_id, item_of, member, named_id, text_of, type_of
from chatkit_doctor.protocol.payload import JsonObject

_PART_EVENTS: Final = frozenset(
    {"assistant_message.content_part.added", "assistant_message.content_part.done"},
)
_MAX_PARTS: Final = 1000
"""Content parts followed per item: a bound against absurd indexes."""


def intended_replies(events: Sequence[JsonObject]) -> list[str]:
    """What the backend meant to say: the final text of every assistant message of one stream, in order.

    Deliberately more generous than the component, so that what it loses can be told: deltas count without
    their content part, before ``thread.created`` and without a final item; a final item without any text
    leaves what was streamed before it; a removed message was not meant to stay. Updates of an item that was
    never sent are a reply only where there is no other.
    """
    streamed: dict[Hashable, dict[int, StringIO]] = {}
    final: dict[Hashable, str] = {}
    items: set[Hashable] = set()
    for event in events:
        kind = type_of(event)
        if kind == "thread.item.updated":
            _collect(event, streamed)
        elif kind == "thread.item.removed":
            streamed.pop(named_id(event), None)
            final.pop(named_id(event), None)
        elif (item := item_of(event)) is not None and type_of(item) == "assistant_message":
            items.add(item_id(item))
            streamed.setdefault(item_id(item), {})
            if text := text_of(item):
                final[item_id(item)] = text
    meant = {key: parts for key, parts in streamed.items() if key in items} or streamed
    texts = (
        final.get(key) or "\n".join(_whole(parts[i]) for i in sorted(parts)) for key, parts in meant.items()
    )
    return [text for text in texts if text]


def _collect(event: JsonObject, streamed: dict[Hashable, dict[int, StringIO]]) -> None:
    update = member(event, "update")
    kind, delta = type_of(update), update.get("delta")
    if not kind.startswith("assistant_message.content_part."):
        return
    parts = streamed.setdefault(named_id(event), {})
    number = _index(update) or 0
    if kind.endswith(".text_delta") and isinstance(delta, str):
        parts.setdefault(number, _opened("")).write(delta)
    elif kind in _PART_EVENTS and (text := _part_text(update.get("content"))):
        parts[number] = _opened(text)


def _index(update: JsonObject) -> int | None:
    """The content part an update is for; a number in a string counts as one (measured), and 0.0 is 0."""
    given = update.get("content_index")
    try:
        index = int(given if isinstance(given, float) and given.is_integer() else str(given))
    except ValueError:
        return None
    return index if 0 <= index < _MAX_PARTS else None


def _whole(growing: StringIO) -> str:
    """What has grown. A character that came in halves (a server that cuts by UTF-16 units) is one again."""
    return growing.getvalue().encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _opened(text: str) -> StringIO:
    growing = StringIO(newline="")
    growing.write(text)
    return growing


def _part_text(part: object) -> str | None:
    if not isinstance(part, Mapping) or part.get("type") != "output_text":
        return None
    text = part.get("text")
    return text if isinstance(text, str) else None
