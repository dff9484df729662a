"""The component's thread: what the events of a stream make of it, without screen and network.

The rules are measured (see docs/chatkit-behaviour.md) and the same that ``static/reference/frame/thread.js``
follows: items are keyed by id over the whole thread and stay in the turn in which they first appeared; the
user's message is shown before the backend has confirmed it, and goes with the stream if nothing does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from chatkit_doctor.component.item import Item
from chatkit_doctor.component.item_updates import updated
from chatkit_doctor.component.javascript import UNDEFINED, get, is_nullish, string
from chatkit_doctor.component.rules import RULES
from chatkit_doctor.protocol.events import type_of
from chatkit_doctor.protocol.payload import JsonObject

PROGRESS: Final = "progress_update"
_OPTIMISTIC: Final = "client_item"


@dataclass(slots=True)
class Turn:
    """A run of items of one side. ``closed``: the next item begins another; ``crashed``: permanently."""

    number: int
    role: Literal["user", "assistant"]
    keys: list[str] = field(default_factory=list)
    closed: bool = False
    crashed: bool = False


class Thread:
    """A thread as the component holds it."""

    def __init__(self, thread_id: object, *, loaded: bool = False) -> None:
        self.id = thread_id
        self.loaded = loaded
        self.items: dict[str, Item] = {}
        self.turns: list[Turn] = []
        self.optimistic: str | None = None
        """The key of the message that is shown before it is confirmed."""
        self.title: object = None
        self.alert: dict[str, Any] | None = None
        """A banner below the last turn: an ``error`` or ``notice`` event, or what stands for one."""
        self._message: object = None
        self._sent = 0

    @classmethod
    def stored(cls, thread_id: object, items: Iterable[JsonObject]) -> Thread:
        """A thread as it was read from the backend."""
        thread = cls(thread_id, loaded=True)
        for value in items:
            thread._place(_key(value), Item.of(value, done=True))
        return thread

    def send(self, content: object) -> None:
        """The user's message, shown before the backend has confirmed it."""
        self.alert = None
        self._sent += 1
        self._message = content
        self.optimistic = f"{_OPTIMISTIC}_{self._sent}"
        value = {"type": "user_message", "content": content, "attachments": []}
        self._place(self.optimistic, Item("user_message", value))

    def begun_anew(self) -> Thread:
        """The thread as it was when the message was sent that began it."""
        thread = Thread(self.id)
        thread.title = self.title
        thread.send(self._message)
        own = thread.turns[0]
        # What stays on screen throughout stays crashed: this message, and what is waited for below it.
        crashed = {(turn.number, turn.role) for turn in self.turns if turn.crashed}
        own.crashed = (own.number, own.role) in crashed
        if (own.number + 1, "assistant") in crashed:
            thread.turns.append(Turn(own.number + 1, "assistant", crashed=True))
        return thread

    def settle(self) -> None:
        """The stream has ended: what it did not confirm goes."""
        if self.optimistic is not None:
            self._remove(self.optimistic)
            self.optimistic = None

    def apply(self, event: JsonObject, *, confirms: bool) -> str | None:
        """One event; returns the key of the item it changed, None where it changed none.

        ``confirms``: the stream answers a message, so that an item of the user's is that message. Raises
        ThrownError where the component throws; the thread is then as before.
        """
        kind = type_of(event)
        if kind in {"thread.item.added", "thread.item.done"}:
            return self._arrived(get(event, "item"), done=kind.endswith(".done"), confirms=confirms)
        if kind == "thread.item.replaced":
            return self._replaced(get(event, "item"))
        if kind == "thread.item.removed":
            self._removed(event.get("item_id", UNDEFINED))
        elif kind == "thread.item.updated":
            key = string(event.get("item_id", UNDEFINED))
            if key in self.items and updated(self.items[key], get(event, "update")):
                return key
        elif kind in {"thread.created", "thread.updated"}:
            self.title = get(get(event, "thread"), "title")
        elif kind == PROGRESS:
            before = self.items.get(PROGRESS)
            if before is not None and _is_told_again(before.value, event):
                return None
            self.drop(PROGRESS)
            self._place(PROGRESS, Item(PROGRESS, dict(event)))
            return PROGRESS
        return None

    def put(self, key: str, item: Item) -> None:
        """An item under its key, in place of an earlier one."""
        before = self.items.get(key)
        if before is not None:
            item.was_asked = before.was_asked or before.value.get("status") == "pending"
            self.items[key] = item
            return
        self.drop(PROGRESS)
        self._place(key, item)

    def drop(self, kind: str) -> None:
        """Every item of a kind goes."""
        for key in [key for key, item in self.items.items() if item.kind == kind]:
            self._remove(key)

    def cut_after(self, item_id: object) -> None:
        """Everything after an item goes, as before a retry."""
        self.alert = None
        order = [each for turn in self.turns for each in turn.keys]
        key = string(item_id)
        if key in order:
            for each in order[order.index(key) + 1 :]:
                self._remove(each)

    def answer(self, item_id: object, given: JsonObject) -> None:
        """The user answered the questions of an item, or skipped them."""
        item = self.items.get(string(item_id))
        if item is not None and item.kind == "structured_input":
            item.value["status"] = given.get("status")

    def turn_of(self, key: str) -> Turn | None:
        """The turn in which an item stands."""
        return next((turn for turn in self.turns if key in turn.keys), None)

    def visible(self, turn: Turn) -> list[str]:
        """The keys of a turn's items that have elements of their own. Progress alone ends with its turn."""
        keys = [key for key in turn.keys if self.items[key].kind in RULES.items.shown]
        return [] if turn.closed and keys == [PROGRESS] else keys

    @property
    def last_visible(self) -> str | None:
        """The key of the last item that has an element of its own."""
        keys = (key for turn in reversed(self.turns) for key in reversed(turn.keys))
        return next((key for key in keys if self.items[key].kind in RULES.items.shown), None)

    @property
    def last_said(self) -> str | None:
        """The key of the last item that has an element of its own, replies left out that say nothing yet."""
        keys = (key for turn in reversed(self.turns) for key in reversed(turn.keys))
        shown = (key for key in keys if self.items[key].kind in RULES.items.shown)
        return next((key for key in shown if not self.items[key].is_blank_reply), None)

    @property
    def asked(self) -> Item | None:
        """The questions that the user is to answer before anything goes on."""
        key = self.last_said
        item = self.items[key] if key is not None else None
        if item is None or item.kind != "structured_input" or item.value.get("status") != "pending":
            return None
        inputs = item.value.get("inputs")
        has_any = len(inputs) > 0 if isinstance(inputs, list | str) else is_nullish(inputs)
        return item if has_any else None

    def _remove(self, key: str) -> None:
        if self.items.pop(key, None) is None:
            return
        for turn in self.turns:
            turn.keys = [each for each in turn.keys if each != key]

    def _removed(self, item_id: object) -> None:
        key = string(item_id)
        item, turn = self.items.get(key), self.turn_of(key)
        if item is None:
            return
        # Items are found by their id as a text and put in order by their id as it is: an id of another
        # type takes the item away and leaves its place, which cannot be drawn.
        if turn is not None and not _is_same(item.value.get("id", UNDEFINED), item_id):
            turn.crashed = True
        self._remove(key)

    def _place(self, key: str, item: Item) -> None:
        last = self.turns[-1] if self.turns else None
        is_user = item.kind == "user_message"
        self.items[key] = item
        if is_user or last is None or last.role != "assistant" or last.closed:
            number = last.number + 1 if last is not None else 1
            if last is not None:
                last.closed = True
            last = Turn(number, "user" if is_user else "assistant")
            # The fallback that a turn shows instead of its items stays without them.
            self.turns = [*(turn for turn in self.turns if turn.keys or turn.crashed), last]
        last.keys.append(key)
        last.closed = item.kind == "end_of_turn"

    def _arrived(self, value: object, *, done: bool, confirms: bool) -> str | None:
        """An item of a stream. One message was sent: another one of the user's that comes is not shown."""
        kind = get(value, "type")
        if kind == "end_of_turn" and self.turns:
            self.turns[-1].closed = True
        if not isinstance(value, Mapping) or type_of(value) not in RULES.items.streamed:
            return None
        key, item = _key(value), Item.of(value, done=done)
        if kind != "user_message" or key in self.items or not confirms:
            self.put(key, item)
        elif self.optimistic is None:
            self.drop(PROGRESS)
            return None
        else:
            self._confirm(key, item)
        return key

    def _replaced(self, value: object) -> str | None:
        """An item in place of another. One that there is not gets no place, now or later."""
        get(value, "type")  # Throws where there is nothing.
        if not isinstance(value, Mapping) or type_of(value) not in RULES.items.streamed:
            return None
        self.items[_key(value)] = Item.of(value, done=True)
        return _key(value)

    def _confirm(self, key: str, item: Item) -> None:
        """The backend's own item takes the place of the message that was only shown so far."""
        self.drop(PROGRESS)
        self.items = {key if k == self.optimistic else k: v for k, v in self.items.items()}
        self.items[key] = item
        for turn in self.turns:
            turn.keys = [key if k == self.optimistic else k for k in turn.keys]
        self.optimistic = None


def _is_told_again(before: JsonObject, event: JsonObject) -> bool:
    """Whether progress is told in the words, and with the icon, that stand there already."""
    pairs = ((before.get(name, UNDEFINED), event.get(name, UNDEFINED)) for name in ("text", "icon"))
    return all(_is_same(*pair) for pair in pairs)


def _key(value: JsonObject) -> str:
    return string(value.get("id", UNDEFINED))


def _is_same(one: object, other: object) -> bool:
    """Whether two ids are one to a comparison without conversion."""
    is_bool = isinstance(one, bool), isinstance(other, bool)
    return one == other and is_bool[0] == is_bool[1] and not isinstance(one, list | Mapping)
