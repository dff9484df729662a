"""What a user sees of a conversation, stated by the tests themselves.

The rules are those that were measured on the real component (docs/chatkit-behaviour.md), as far as the tests'
conversations need them. Nothing of the package is used here: what the package says is held against this.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.event_stream import dispatched

Event = Mapping[str, Any]

FAILED: Final = ("error", "There was an error. Retry")
CRASHED: Final = ("crash", "Something went wrong. Please try again later.")

_SHOWN: Final = frozenset(
    {
        "user_message",
        "assistant_message",
        "widget",
        "generated_image",
        "structured_input",
        "workflow",
        "task",
    }
)
_WIDGETS: Final = frozenset({"Card", "Basic", "ListView"})
"""The roots of a widget that can be drawn."""
_KEPT_BACK: Final = 20
"""Characters of a growing text that are not shown before it is complete."""


class TurnCrashError(Exception):
    """The turn cannot be drawn."""


class PanelCrashError(Exception):
    """Nothing can be drawn any more."""


@dataclass(slots=True)
class Shown:
    """An item on the screen. ``key`` is that of its element, which lives from the first to the last sight."""

    key: int
    turn: int
    id: object
    kind: str
    texts: list[str | None]
    """Of each part; None where it is not a text."""
    grows: bool = False
    """Its text came in pieces, and nothing has said so far that it is complete."""

    @property
    def text(self) -> str:
        """What can be read once the turn is over."""
        whole = "\n".join(text for text in self.texts if text)
        return _revealed(whole) if self.grows else whole


@dataclass(slots=True)
class Panel:
    """The chat over all of its turns."""

    thread: object = None
    """The id of the thread; None on the start screen."""
    turn: int = 0
    stuck: bool = False
    """The turn never ends."""
    dead: bool = False
    """The panel is blank permanently."""
    items: list[Shown] = field(default_factory=list)
    alerts: list[tuple[str, str]] = field(default_factory=list)
    crashed: set[int] = field(default_factory=set)
    """Turns that show an apology in place of their items."""
    _refused: bool = False
    """The thread was announced without an id."""
    _keys: int = 0

    def send(self, text: str) -> None:
        """The user's message is shown before the backend has confirmed it, in a thread without a name."""
        self.turn += 1
        self.alerts = []
        self._refused = False
        self.items.append(Shown(self._key(), self.turn, _unconfirmed, "user_message", [text]))

    def take(self, event: Event) -> None:
        """One event of the stream that answers the message."""
        kind = event.get("type")
        if kind == "error":
            self.alerts.append(FAILED)
        elif kind == "thread.created":
            self._adopt(_member(event, "thread").get("id"))
        elif self.thread is None or self.stuck:
            return  # An event of no thread, or of another one.
        else:
            try:
                self._change(kind, event)
            except TurnCrashError:
                self.crashed.add(self.turn)
            except PanelCrashError:
                self.dead = True

    def end(self) -> None:
        """The stream is over: what it did not confirm goes."""
        if self.stuck:
            return
        self.items = [each for each in self.items if each.id is not _unconfirmed]
        if self.thread is None:
            self.items = []

    @property
    def on_screen(self) -> list[Shown]:
        """The items that are drawn, in order."""
        return [each for each in self.items if each.turn not in self.crashed]

    @property
    def banners(self) -> list[tuple[str, str]]:
        """What is said beside them."""
        return [*(CRASHED for _ in self.crashed), *self.alerts]

    def view(self, *, responding: bool) -> str:
        """``start``, ``thread`` or ``blank``."""
        if self.dead:
            return "blank"
        if self.thread is None:
            return "thread" if responding and not self._refused else "start"
        return "thread" if responding or self.on_screen or self.banners else "blank"

    def _adopt(self, thread: object) -> None:
        """The thread gets its name; named again in its first stream it restarts, or is lost to another."""
        if self.thread is None:
            self.thread, self._refused = thread, thread is None
        elif self.turn == 1 and thread == self.thread:
            self.items = []
        elif self.turn == 1 and thread is not None:
            self.stuck = True

    def _change(self, kind: object, event: Event) -> None:
        item = _member(event, "item")
        is_known = self._find(item.get("id")) is not None
        if kind in {"thread.item.added", "thread.item.done"} or (kind == "thread.item.replaced" and is_known):
            self._put(item)
        elif kind == "thread.item.removed":
            self.items = [each for each in self.items if not _same(each.id, event.get("item_id"))]
        elif kind == "thread.item.updated" and (found := self._find(event.get("item_id"))):
            _update(found, _member(event, "update"))

    def _put(self, item: Event) -> None:
        """An item stays where its id was first seen; the user's own takes the place of what was sent."""
        kind = item.get("type")
        if kind not in _SHOWN:
            return
        is_mine = kind == "user_message"
        waiting = next((each for each in self.items if each.id is _unconfirmed), None)
        found = self._find(item.get("id")) or (waiting if is_mine else None)
        if found is None and is_mine:
            return  # One message was sent: another one is not shown.
        if found is None:
            found = Shown(self._key(), self.turn, None, kind, [])
            self.items.append(found)
        found.id, found.kind, found.grows = item.get("id"), kind, False
        found.texts = _texts(item)

    def _find(self, name: object) -> Shown | None:
        return next((each for each in self.items if _same(each.id, name)), None)

    def _key(self) -> int:
        self._keys += 1
        return self._keys


_unconfirmed: Final = object()
"""In place of the id of a message that was sent and not yet confirmed."""


def events_of(body: bytes) -> list[Event]:
    """The events that the component can read in a stream."""
    found: list[Event] = []
    for data in dispatched(body):
        try:
            value = json.loads(data, parse_constant=_refuse)
        except ValueError:
            continue
        found += [value] if isinstance(value, dict) else []
    return found


def read_back(items: Sequence[Event]) -> Panel:
    """A thread as it is read back from the backend."""
    panel = Panel(thread="thr_1", turn=1)
    for number, item in enumerate(items, start=1):
        panel.items.append(Shown(number, 1, item.get("id"), str(item["type"]), _texts(item)))
    return panel


def _texts(item: Event) -> list[str | None]:
    """What an item says, part by part. What is shown without words is shown by its type."""
    match item["type"]:
        case "user_message":
            return [_question(item)]
        case "assistant_message":
            return _reply(item)
        case "widget" if _member(item, "widget").get("type") not in _WIDGETS:
            raise TurnCrashError
        case kind:
            return [str(kind)]


def _question(item: Event) -> str:
    if not isinstance(item.get("attachments"), list):
        raise TurnCrashError
    marks = {"input_text": "", "input_tag": "@"}
    return "".join(marks[part["type"]] + part["text"] for part in item["content"] if part["type"] in marks)


def _reply(item: Event) -> list[str | None]:
    content = item.get("content")
    if content is None:
        raise TurnCrashError
    if not isinstance(content, list):
        raise PanelCrashError
    return [_part(part) for part in content]


def _part(part: Event) -> str | None:
    if not isinstance(part.get("annotations"), list):
        raise TurnCrashError
    return part["text"] if part["type"] == "output_text" else None


def _update(item: Shown, update: Event) -> None:
    """A part of a reply that is added, grows or is complete; a number in quotation marks counts as one."""
    kind = str(update.get("type")).removeprefix("assistant_message.content_part.")
    if item.kind != "assistant_message" or kind not in {"added", "text_delta", "done"}:
        return
    index = int(update["content_index"])
    if kind == "text_delta":
        # Text for a part that was never added is refused.
        if index < len(item.texts) and (text := item.texts[index]) is not None:
            item.texts[index] = text + (update["delta"] or "")
            item.grows = True
        return
    item.texts += [None] * (index + 1 - len(item.texts))
    item.texts[index] = _part(update["content"])
    item.grows = item.grows and kind != "done"


def _revealed(text: str) -> str:
    """Whole words, until no more than a few characters are kept back."""
    end = max(0, len(text) - _KEPT_BACK)
    while 0 < end < len(text) and not text[end].isspace():
        end += 1
    return text[:end]


def _same(one: object, other: object) -> bool:
    """Whether two ids are one: ``5`` and ``"5"`` are not."""
    return type(one) is type(other) and one == other


def _member(event: Event, key: str) -> Event:
    value = event.get(key)
    return value if isinstance(value, dict) else {}


def _refuse(name: str) -> object:
    raise ValueError(name)
