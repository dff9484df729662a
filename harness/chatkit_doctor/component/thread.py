"""The component's thread: what the events of a stream make of it, without screen and network.

The rules are measured (see docs/chatkit-behaviour.md) and the same that ``static/reference/frame/thread.js``
follows: items are keyed by id over the whole thread and stay in the turn in which they first appeared; the
user's message is shown before the backend has confirmed it, and goes with the stream if nothing does.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from chatkit_doctor.component.rules import RULES
from chatkit_doctor.protocol.events import item_id, member, named_id, type_of
from chatkit_doctor.protocol.payload import JsonObject

ALERT: Final = "alert"
PROGRESS: Final = "progress_update"
_PART: Final = "assistant_message.content_part."
_MAX_PARTS: Final = 1000
"""Content parts followed per item: a bound against absurd indexes."""
_OPTIMISTIC: Final = "client_item"


class HandlerError(Exception):
    """An event that the component throws at: it says so in the console and goes on with the next."""


@dataclass(slots=True)
class Item:
    """One item. ``done``: nothing more comes of it; ``live``: it came in a stream, its text is smoothed."""

    kind: str
    value: dict[str, Any]
    done: bool = False
    live: bool = False
    finished_parts: set[int] = field(default_factory=set)
    """Content parts that are complete while the item is not."""
    _growing: dict[int, list[str]] = field(default_factory=dict)
    """Pieces of text by their content part, not yet put together: each time would copy all of it."""

    @property
    def parts(self) -> list[object]:
        """The content parts with all their text; empty where there is no list of them."""
        content = self.value.get("content")
        if not isinstance(content, list):
            return []
        for index, pieces in self._growing.items():
            part = content[index]
            text = part.get("text") if isinstance(part, Mapping) else None
            whole = _joined([text if isinstance(text, str) else "", *pieces])
            content[index] = {**part, "text": whole} if isinstance(part, Mapping) else part
        self._growing.clear()
        return content

    def grow(self, index: int, delta: object) -> None:
        """More text for a part."""
        self._growing.setdefault(index, []).append(delta if isinstance(delta, str) else str(delta or ""))

    def replace_part(self, index: int, part: object) -> None:
        """Another content part in place of what was there."""
        self._growing.pop(index, None)
        content = self.value["content"]
        content += [None] * (index + 1 - len(content))
        content[index] = part


@dataclass(slots=True)
class Turn:
    """A run of items of one side. ``closed``: the next item begins another; ``crashed``: for good."""

    number: int
    role: Literal["user", "assistant"]
    keys: list[Hashable] = field(default_factory=list)
    closed: bool = False
    crashed: bool = False


class Thread:
    """A thread as the component holds it."""

    def __init__(self, thread_id: object, *, loaded: bool = False) -> None:
        self.id = thread_id
        self.loaded = loaded
        self.items: dict[Hashable, Item] = {}
        self.turns: list[Turn] = []
        self.optimistic: Hashable = None
        self._sent = 0

    @classmethod
    def stored(cls, thread_id: object, items: Iterable[JsonObject]) -> Thread:
        """A thread as it was read from the backend."""
        thread = cls(thread_id, loaded=True)
        for value in items:
            thread._place(item_id(value), Item(type_of(value), dict(value)))
        return thread

    def send(self, content: object) -> None:
        """The user's message, shown before the backend has confirmed it."""
        self.drop(RULES.items.notes)
        self._sent += 1
        self.optimistic = f"{_OPTIMISTIC}_{self._sent}"
        value = {"type": "user_message", "content": content, "attachments": []}
        self.put(self.optimistic, Item("user_message", value))

    def settle(self) -> None:
        """The stream has ended: what it did not confirm goes."""
        if self.optimistic is not None:
            self.remove({self.optimistic})
            self.optimistic = None

    def apply(self, event: JsonObject) -> Hashable:
        """One event; returns the key of the item it changed, None where it changed none.

        Raises HandlerError where the component throws; the thread is then as before.
        """
        kind = type_of(event)
        item = member(event, "item")
        if kind == "thread.item.added":
            return self._arrived(item, done=False)
        if kind == "thread.item.done":
            return self._arrived(item, done=True)
        if kind == "thread.item.replaced" and item_id(item) in self.items:
            return self._arrived(item, done=True)
        if kind == "thread.item.removed":
            self.remove({named_id(event)})
        elif kind == "thread.item.updated" and named_id(event) in self.items:
            self._updated(self.items[named_id(event)], member(event, "update"))
            return named_id(event)
        elif kind == PROGRESS:
            self.put(PROGRESS, Item(PROGRESS, dict(event)))
        return None

    def put(self, key: Hashable, item: Item) -> None:
        """An item under its key, in place of an earlier one."""
        if key in self.items:
            self.items[key] = item
            return
        if item.kind != ALERT:
            self.drop({PROGRESS})
        self._place(key, item)

    def drop(self, kinds: Iterable[str]) -> None:
        """Every item of these kinds goes."""
        unwanted = frozenset(kinds)
        self.remove({key for key, item in self.items.items() if item.kind in unwanted})

    def cut_after(self, key: object) -> None:
        """Everything after an item goes, as before a retry."""
        order = [each for turn in self.turns for each in turn.keys]
        if key in order:
            self.remove(set(order[order.index(key) + 1 :]))

    def answer(self, key: object, given: JsonObject) -> None:
        """The person answered the questions of an item, or skipped them."""
        item = next((item for each, item in self.items.items() if each == key), None)
        if item is not None and item.kind == "structured_input":
            item.value["status"] = given.get("status")

    def turn_of(self, key: Hashable) -> Turn | None:
        """The turn in which an item stands."""
        return next((turn for turn in self.turns if key in turn.keys), None)

    def remove(self, keys: set[Hashable]) -> None:
        """Items go, and turns that they leave empty."""
        if not keys & self.items.keys():
            return
        for key in keys:
            self.items.pop(key, None)
        for turn in self.turns:
            turn.keys = [key for key in turn.keys if key not in keys]
        self.turns = [turn for turn in self.turns if turn.keys]

    def _place(self, key: Hashable, item: Item) -> None:
        last = self.turns[-1] if self.turns else None
        is_user = item.kind == "user_message"
        self.items[key] = item
        if is_user or last is None or last.role != "assistant" or last.closed:
            number = last.number + 1 if last is not None else 1
            last = Turn(number, "user" if is_user else "assistant")
            self.turns.append(last)
        last.keys.append(key)
        last.closed = item.kind == "end_of_turn"

    def _arrived(self, value: JsonObject, *, done: bool) -> Hashable:
        """An item of a stream. One message was sent: another one of the user's that comes is not shown."""
        kind, key = type_of(value), item_id(value)
        if kind not in RULES.items.streamed:
            return None
        item = Item(kind, _own(value), done=done, live=True)
        if kind != "user_message" or key in self.items:
            self.put(key, item)
        elif self.optimistic is None:
            return None
        else:
            self._confirm(key, item)
        return key

    def _confirm(self, key: Hashable, item: Item) -> None:
        """The backend's own item takes the place of the message that was only shown so far."""
        self.items = {key if k == self.optimistic else k: v for k, v in self.items.items()}
        self.items[key] = item
        for turn in self.turns:
            turn.keys = [key if k == self.optimistic else k for k in turn.keys]
        self.optimistic = None

    def _updated(self, item: Item, update: JsonObject) -> None:
        kind = type_of(update)
        if kind.startswith(_PART):
            _update_part(item, kind.removeprefix(_PART), update)
        elif change := _UPDATES.get(kind):
            change(item.value, update)


def _own(value: JsonObject) -> dict[str, Any]:
    """A copy whose list of parts may be changed."""
    own = dict(value)
    if isinstance(own.get("content"), list):
        own["content"] = list(own["content"])
    return own


def _update_part(item: Item, kind: str, update: JsonObject) -> None:
    content = item.value.get("content")
    if not isinstance(content, list):
        raise HandlerError("the item has no list of content")
    index = _index(update)
    part = content[index] if index is not None and index < len(content) else None
    if kind in {"text_delta", "annotation_added"}:
        found = part.get("type", "undefined") if isinstance(part, Mapping) else "undefined"
        if index is None or not isinstance(part, Mapping) or found != "output_text":
            raise HandlerError(f"Expected {found} to be output_text")
        if kind == "text_delta":
            item.grow(index, update.get("delta"))
        else:
            known = part.get("annotations")
            annotations = [*(known if isinstance(known, list) else []), update.get("annotation")]
            content[index] = {**part, "annotations": annotations}
    elif kind in {"added", "done"} and index is not None:
        item.replace_part(index, update.get("content"))
        if kind == "done":
            item.finished_parts.add(index)


def _joined(pieces: Iterable[str]) -> str:
    """Pieces of text as one. A character that came in halves (UTF-16 units cut in two) is one again."""
    text = "".join(pieces)
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _index(update: JsonObject) -> int | None:
    """The content part an update is for; a number in a string counts as one, and 0.0 is 0 (measured)."""
    given = update.get("content_index")
    try:
        index = int(given if isinstance(given, float) and given.is_integer() else str(given))
    except ValueError:
        return None
    return index if 0 <= index < _MAX_PARTS else None


def _with_task(value: dict[str, Any], update: JsonObject) -> None:
    workflow = value.get("workflow")
    known = workflow.get("tasks") if isinstance(workflow, Mapping) else None
    tasks = list(known) if isinstance(known, list) else []
    index = update.get("task_index")
    if not isinstance(index, int) or not 0 <= index < _MAX_PARTS:
        raise HandlerError("the task has no index")
    tasks += [None] * (index + 1 - len(tasks))
    tasks[index] = update.get("task")
    value["workflow"] = {**(workflow if isinstance(workflow, Mapping) else {}), "tasks": tasks}


def _with_component(change: Callable[[JsonObject, JsonObject], object]) -> Callable[..., None]:
    """An update of one component of a widget, found by its id."""

    def update_widget(value: dict[str, Any], update: JsonObject) -> None:
        def walk(node: object) -> object:
            if isinstance(node, list):
                return [walk(child) for child in node]
            if not isinstance(node, Mapping):
                return node
            if node.get("id") is not None and node.get("id") == update.get("component_id"):
                return change(node, update)
            return {**node, "children": walk(node["children"])} if "children" in node else node

        value["widget"] = walk(value.get("widget"))

    return update_widget


def _streamed(node: JsonObject, update: JsonObject) -> object:
    return {**node, "value": f"{node.get('value') or ''}{update.get('delta') or ''}"}


_UPDATES: Final[Mapping[str, Callable[[dict[str, Any], JsonObject], None]]] = {
    "workflow.task.added": _with_task,
    "workflow.task.updated": _with_task,
    "widget.root.updated": lambda value, update: value.update(widget=update.get("widget")),
    "widget.component.updated": _with_component(lambda _node, update: update.get("component")),
    "widget.streaming_text.value_delta": _with_component(_streamed),
    "generated_image.updated": lambda value, update: value.update(image=update.get("image")),
}
