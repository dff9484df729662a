"""Whether a wrong shape made a difference to one stream: the same stream is played with the right one.

What a wrong shape does in itself (``component.strictness``) may come to nothing where it stands: a delta
that was refused is no loss once the whole message comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatkit_doctor.component.chat_state import Chat
from chatkit_doctor.component.examples import example_of
from chatkit_doctor.component.picture import Picture
from chatkit_doctor.component.strictness import with_value
from chatkit_doctor.component.thread_state import Thread
from chatkit_doctor.component.transcript import Nobody
from chatkit_doctor.protocol.events import TEXT_DELTA, member, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.protocol.schema import MISSING, Path, value_at

Places = Mapping[int, Sequence[Path]]
"""Where a stream's events are wrong: the place of the event, from 0, and those in it."""


class MendedStream:
    """A stream that answers a message, and what would be on screen at its end if some of it were right."""

    def __init__(self, events: Sequence[JsonObject], wrong: Places, *, new_thread: bool) -> None:
        """``wrong``: all that is wrong in it. ``new_thread``: it is to begin a thread."""
        self._events = events
        self._wrong = wrong
        self._new_thread = new_thread
        self._drawn = _drawn(events, wrong)
        self._item_ids = _last_added(events, wrong)
        self._as_it_is = self._end({})
        self._all_right = self._end(wrong)

    def differs_by(self, places: Places) -> bool:
        """Whether they alone change the end: of the stream as it is, or of one where all else is right."""
        others = {
            at: [path for path in paths if path not in places.get(at, ())]
            for at, paths in self._wrong.items()
        }
        return self._end(places) != self._as_it_is or self._end(others) != self._all_right

    def _end(self, right: Places) -> object:
        """What is on screen once the stream has ended. What crashes when it is drawn does so for good."""
        chat = Chat(Nobody())
        if not self._new_thread:
            chat.thread = Thread("thread")
        chat.say([{"type": "input_text", "text": "A message"}], 0.0)
        for at, event in enumerate(self._events):
            chat.take(_mended(event, right.get(at, ()), self._item_ids.get(at, MISSING)), 0.0)
            if at in self._drawn:
                chat.picture(0.0)
        chat.settle(0.0)
        return _visible(chat.picture(0.0))


def _drawn(events: Sequence[JsonObject], wrong: Places) -> frozenset[int]:
    """The places of events after which the screen is drawn: those that are wrong.

    Of deltas of one text, the last: the next one takes nothing back of what the one before it did.
    """
    growing = [_growing(event) for event in events]
    following = [*growing[1:], ""]
    return frozenset(at for at in wrong if not growing[at] or growing[at] != following[at])


def _growing(event: JsonObject) -> str:
    """The item whose text an event adds to; empty where it adds to none."""
    return str(event.get("item_id", "")) if type_of(member(event, "update")) == TEXT_DELTA else ""


def _last_added(events: Sequence[JsonObject], wrong: Places) -> dict[int, object]:
    """For each wrong event the id of the item that it was meant for, should it be an update without one."""
    found: dict[int, object] = {}
    last: object = MISSING
    for at, event in enumerate(events):
        if at in wrong:
            found[at] = last
        item_id = value_at(event, ("item", "id"))
        last = last if item_id is MISSING else item_id
    return found


def _mended(event: JsonObject, paths: Sequence[Path], item_id: object) -> JsonObject:
    if not paths or (example := example_of(event)) is None:
        return event
    for path in paths:
        good = item_id if path == ("item_id",) else _example_value(example.event, path)
        event = with_value(event, path, good)
    return event


def _example_value(example: object, path: Path) -> object:
    """What lies there in the example; in a list that is its last where it has not so many."""
    found = example
    for part in path:
        if isinstance(found, list) and isinstance(part, int) and found:
            found = found[min(part, len(found) - 1)]
        else:
            found = value_at(found, (part,))
    return found


def _visible(picture: Picture) -> object:
    """All but the items' names."""
    items = [(element.turn, element.kind, element.text, element.drawn) for element in picture.elements]
    return picture.view, items, picture.alerts
