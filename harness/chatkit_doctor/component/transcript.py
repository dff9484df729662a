"""The transcript that a conversation's streams end in, by the component's own state machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chatkit_doctor.component.chat_state import Chat
from chatkit_doctor.component.item import Item
from chatkit_doctor.component.thread_state import Thread
from chatkit_doctor.protocol.events import SHOWN_REPLY_ITEMS, text_of
from chatkit_doctor.protocol.payload import JsonObject

_SHOWN = SHOWN_REPLY_ITEMS | {"user_message"}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item that stays on screen. ``turn`` counts streams from 1; ``done``: the item was finished."""

    id: str
    kind: str
    """The item's type, such as ``assistant_message``."""
    text: str
    """As it was sent, its parts one per line where there are several."""
    turn: int
    done: bool

    @property
    def role(self) -> str:
        """``user`` or ``assistant``."""
        return "user" if self.kind == "user_message" else "assistant"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is on screen after the last stream: nothing but the start screen without a thread."""

    thread_id: str | None
    items: tuple[ShownItem, ...]

    def texts(self, role: str) -> list[str]:
        """The texts of one side's messages, in order."""
        return [item.text for item in self.items if item.kind == f"{role}_message"]


class Playback:
    """Takes a conversation's events one by one, stream after stream.

    A turn or panel that crashes is no matter here: the items are there, whatever is drawn of them.
    """

    def __init__(self) -> None:
        self._chat = Chat(Nobody())
        self._turn = 0
        self._first_turns: dict[str, int] = {}

    def begin(self, *, new_thread: bool) -> None:
        """A stream begins: a message was sent. That of a new thread drops what was there before."""
        self._chat.settle_again(0.0)
        for key in self._items():
            self._first_turns.setdefault(key, self._turn)
        self._turn += 1
        if new_thread:
            self._chat.thread = None
            self._first_turns.clear()
        elif self._chat.thread is None:
            self._chat.thread = Thread(None)
        self._chat.say([], 0.0)

    def apply(self, event: JsonObject) -> None:
        """One event; what the component would ignore changes nothing."""
        self._chat.take(event, 0.0)

    def transcript(self) -> Transcript:
        """What stays on screen once the stream has ended."""
        thread, response = self._chat.thread, self._chat.response
        if thread is None or (response is not None and not response.created):
            return Transcript(None, ())
        shown = tuple(self._shown(key, item) for key, item in self._items().items() if item.kind in _SHOWN)
        return Transcript(None if thread.id is None else str(thread.id), shown)

    def _items(self) -> Mapping[str, Item]:
        """What the events confirmed, in its places."""
        thread = self._chat.thread
        keys = (key for turn in thread.turns for key in turn.keys) if thread is not None else ()
        return {key: thread.items[key] for key in keys if thread is not None and key != thread.optimistic}

    def _shown(self, key: str, item: Item) -> ShownItem:
        text = text_of({**item.value, "type": item.kind, "content": item.parts})
        return ShownItem(key, item.kind, text, self._first_turns.get(key, self._turn), item.done)


class Nobody:
    """A listener to a chat of which only the state is wanted."""

    def changed(self, chat: Chat, t: float) -> None:
        """Nobody looks."""

    def said(self, name: str, detail: object, t: float) -> None:
        """Nobody listens."""

    def complained(self, text: str, t: float) -> None:
        """Nobody reads the console."""


def transcript(streams: Iterable[Sequence[JsonObject]], *, new_thread: bool = True) -> Transcript:
    """The transcript after several streams of one thread; the first creates it unless told otherwise."""
    playback = Playback()
    for number, events in enumerate(streams):
        playback.begin(new_thread=new_thread and number == 0)
        for event in events:
            playback.apply(event)
    return playback.transcript()
