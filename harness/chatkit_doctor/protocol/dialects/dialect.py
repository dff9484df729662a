"""What a dialect is: a protocol a backend may speak in place of ChatKit's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Self, cast

from chatkit_doctor.protocol.payload import JsonObject, Payload, parse_json

CREATED: Final = "thread.created, in a new thread"
USER: Final = "thread.item.done with an item of type user_message"
BEGUN: Final = "thread.item.added with an item of type assistant_message and empty content"
PART: Final = "thread.item.updated with assistant_message.content_part.added"
DELTA: Final = "thread.item.updated with assistant_message.content_part.text_delta"
PART_DONE: Final = "thread.item.updated with assistant_message.content_part.done"
REPLY: Final = "thread.item.done with the whole item of type assistant_message"
PROGRESS: Final = "progress_update, or nothing"
ERROR: Final = "error"
END: Final = "nothing: a ChatKit stream ends when its body ends"
NOTHING: Final = "nothing"
CARRIES_NOTHING: Final = frozenset({PROGRESS, END, NOTHING})
"""Meanings of events without which the transcript is the same."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One server-sent event as it came: the stream's own name for it, its data, and the JSON in it."""

    name: str
    data: str
    value: object
    """The parsed data; None where it is not JSON."""

    @classmethod
    def of(cls, name: str, data: str, payload: Payload) -> Self:
        """An event whose data was read already: what holds no object may be JSON anyway."""
        value: object = payload.value
        if value is None:
            try:
                value = parse_json(data)
            except ValueError:
                value = None
        return cls(name, data, value)

    @property
    def object(self) -> JsonObject:
        """The data as a JSON object, or an empty one."""
        return cast("JsonObject", self.value) if isinstance(self.value, dict) else {}

    @property
    def type(self) -> str:
        """The event's own ``type``; empty where it has none."""
        value = self.object.get("type")
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Dialect:
    """A protocol that is not ChatKit's.

    ``own`` gives the name under which the dialect knows a frame, or nothing when the frame is none of its
    own. ``meant`` maps those names (with ``*``) to the ChatKit event that was meant, most specific first.
    ``names`` are those that its documentation gives to events, for who asks about one without a stream.
    """

    id: str
    title: str
    own: Callable[[Frame], str]
    meant: tuple[tuple[str, str], ...]
    names: tuple[str, ...] = ()

    def chatkit_event(self, name: str) -> str:
        """What to send to ChatKit in place of one of the dialect's events; empty where nobody can say."""
        return next((event for pattern, event in self.meant if fnmatchcase(name, pattern)), "")
