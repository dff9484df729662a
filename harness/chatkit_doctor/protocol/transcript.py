"""From events to the transcript a correct client must show, by the rules of the real component (measured).

The rules, where they are not what one would guess:

- In a new thread's stream every event before ``thread.created`` is skipped.
- A second ``thread.created`` in the same stream empties the thread again; in a later stream it is ignored.
- Items are keyed by ``id`` over the whole thread: a later item with a known id takes the earlier one's place.
  A missing id is a key like any other, and ``5`` is another one than ``"5"``.
- Updates, ``replaced`` and ``removed`` for an unknown id do nothing.
- A text delta needs its content part to have been added; ``thread.item.done`` replaces whatever was streamed.
- When the stream ends, only what the events confirmed remains: the user's own message too needs its item.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from chatkit_doctor.protocol.events import (
    SHOWN_REPLY_ITEMS,
    item_id,
    item_of,
    member,
    named_id,
    text_of,
    type_of,
)
from chatkit_doctor.protocol.payload import JsonObject

_PART_EVENTS: Final = frozenset(
    {"assistant_message.content_part.added", "assistant_message.content_part.done"},
)
_MAX_PARTS: Final = 1000
"""Content parts followed per item: a bound against absurd indexes."""


@dataclass(frozen=True, slots=True)
class Message:
    """One item a person can see. ``turn`` counts streams from 1; ``done``: the item was finished."""

    id: str
    role: str
    """``user`` or ``assistant``."""
    kind: str
    """The item's type, such as ``assistant_message``."""
    text: str
    turn: int
    done: bool


@dataclass(frozen=True, slots=True)
class Transcript:
    """What must be on screen after the last stream: nothing but the start screen without a thread."""

    thread_id: str | None
    messages: tuple[Message, ...]

    def texts(self, role: str) -> list[str]:
        """The texts of one side's messages, in order."""
        kind = f"{role}_message"
        return [message.text for message in self.messages if message.kind == kind]


@dataclass(slots=True)
class _Item:
    kind: str
    parts: list[StringIO | None]
    turn: int
    done: bool

    @property
    def text(self) -> str:
        """Its parts, one per line where there are several."""
        texts = (_whole(part) for part in self.parts if part is not None)
        return "\n".join(text for text in texts if text)


class TranscriptReducer:
    """Applies events one by one, stream after stream."""

    def __init__(self) -> None:
        self._items: dict[Hashable, _Item] = {}
        self._thread: str | None = None
        self._awaits_thread = False
        self._turn = 0
        self._created_here = False

    def begin(self, *, new_thread: bool) -> None:
        """A stream begins. A new thread's stream drops what was there before, as ``threads.create`` does."""
        self._turn += 1
        self._created_here = False
        self._awaits_thread = new_thread
        if new_thread:
            self._items.clear()
            self._thread = None

    def apply(self, event: JsonObject) -> None:
        """One event as the component would take it; what it would ignore changes nothing."""
        kind = type_of(event)
        if kind == "thread.created":
            self._created(event)
        elif self._awaits_thread:
            return
        elif kind in {"thread.item.added", "thread.item.done"}:
            self._put(event, done=kind == "thread.item.done")
        elif kind == "thread.item.replaced" and item_id(item_of(event)) in self._items:
            self._put(event, done=True)
        elif kind == "thread.item.removed":
            self._items.pop(named_id(event), None)
        elif kind == "thread.item.updated":
            self._update(event)

    def transcript(self) -> Transcript:
        """What must be on screen once the stream has ended."""
        if self._awaits_thread:
            return Transcript(None, ())
        messages = (
            Message(
                str(key),
                "user" if item.kind == "user_message" else "assistant",
                item.kind,
                item.text,
                item.turn,
                item.done,
            )
            for key, item in self._items.items()
        )
        return Transcript(self._thread, tuple(messages))

    def _created(self, event: JsonObject) -> None:
        if not (self._awaits_thread or self._created_here):
            return
        thread_id = member(event, "thread").get("id")
        if thread_id is None:
            return
        self._items.clear()
        self._thread = str(thread_id)
        self._awaits_thread, self._created_here = False, True

    def _put(self, event: JsonObject, *, done: bool) -> None:
        item = item_of(event)
        if item is None:
            return
        kind = type_of(item)
        if kind == "user_message":
            parts = [_growing(text_of(item))]
        elif kind in SHOWN_REPLY_ITEMS:
            parts = _parts(item)
        else:
            return
        key = item_id(item)
        turn = self._items[key].turn if key in self._items else self._turn
        self._items[key] = _Item(kind, parts, turn, done)

    def _update(self, event: JsonObject) -> None:
        item = self._items.get(named_id(event))
        update = member(event, "update")
        index = _index(update)
        if item is None or item.kind != "assistant_message" or index is None:
            return
        kind = type_of(update)
        if kind in _PART_EVENTS:
            item.parts += [None] * (index + 1 - len(item.parts))
            item.parts[index] = _growing(_part_text(update.get("content")))
        elif kind.endswith(".text_delta") and index < len(item.parts):
            part, delta = item.parts[index], update.get("delta")
            if part is not None and isinstance(delta, str):
                part.write(delta)


def transcript(streams: Iterable[Sequence[JsonObject]], *, new_thread: bool = True) -> Transcript:
    """The transcript after several streams of one thread; the first creates it unless told otherwise."""
    reducer = TranscriptReducer()
    for number, events in enumerate(streams):
        reducer.begin(new_thread=new_thread and number == 0)
        for event in events:
            reducer.apply(event)
    return reducer.transcript()


def expected_replies(events: Sequence[JsonObject]) -> list[str]:
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


def _parts(item: JsonObject) -> list[StringIO | None]:
    content = item.get("content")
    return [_growing(_part_text(part)) for part in content] if isinstance(content, list) else []


def _growing(text: str | None) -> StringIO | None:
    """A text that deltas are added to: appending to a string would copy all of it for each of them."""
    return None if text is None else _opened(text)


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
