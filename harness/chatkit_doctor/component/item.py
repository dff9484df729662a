"""One item of a thread as the component holds it, with the parts of its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from chatkit_doctor.component.javascript import HOLE, get, is_nullish, joined, put, string
from chatkit_doctor.protocol.events import type_of
from chatkit_doctor.protocol.payload import JsonObject


@dataclass(slots=True)
class Item:
    """One item. ``done``: the backend said that nothing more results from it, and nothing has come since."""

    kind: str
    value: dict[str, Any]
    done: bool = False
    growing_parts: set[int] = field(default_factory=set)
    """Content parts that were begun by an update and are not complete: only their text is typed out."""
    was_asked: bool = False
    """It is of questions that were open before they were answered: its answers stay folded."""
    progress: float | None = None
    """How far a picture is, as the last update with a picture told; at 1 it is made. None before any."""
    _pieces: dict[int, list[str]] = field(default_factory=dict)
    """Text by its content part, not yet put together: each time would copy all of it."""

    @classmethod
    def of(cls, value: JsonObject, *, done: bool) -> Self:
        """An item as it was sent, whose list of parts may be changed."""
        own = dict(value)
        if isinstance(own.get("content"), list):
            own["content"] = list(own["content"])
        return cls(type_of(value), own, done=done)

    @property
    def parts(self) -> list[object]:
        """The content parts with all their text; empty where there is no list of them."""
        content = self.value.get("content")
        if not isinstance(content, list):
            return []
        for at, pieces in self._pieces.items():
            part = content[at]
            content[at] = {**part, "text": joined([string(get(part, "text")), *pieces])}
        self._pieces.clear()
        return content

    @property
    def is_blank_reply(self) -> bool:
        """Whether it is a message of the assistant's that says nothing yet."""
        content = self.value.get("content")
        if self.kind != "assistant_message" or not isinstance(content, list):
            return self.kind == "assistant_message" and is_nullish(content)
        texts = [part.get("text") for part in content if isinstance(part, Mapping)]
        texts += [text for pieces in self._pieces.values() for text in pieces]
        return not any(isinstance(text, str) and text.strip() for text in texts)

    def part(self, at: int | None) -> JsonObject | None:
        """One content part, less what it has grown by; None where there is no object."""
        content = self.value.get("content")
        if not isinstance(content, list) or at is None or at >= len(content):
            return None
        return content[at] if isinstance(content[at], Mapping) else None

    def grow(self, at: int, delta: object) -> None:
        """More text for a part."""
        self._pieces.setdefault(at, []).append(string(delta))

    def set_part(self, at: int, part: object, *, growing: bool) -> None:
        """Another content part in place of what was there. One that was complete once is never typed out."""
        content = self.value["content"]
        is_new = at >= len(content) or content[at] is HOLE or at in self.growing_parts
        self._pieces.pop(at, None)
        put(content, at, part)
        if growing and is_new:
            self.growing_parts.add(at)
        else:
            self.growing_parts.discard(at)
