"""Whether a turn goes on that shows already what it will come to: it need not be waited for to its end."""

from __future__ import annotations

import math
from typing import Final

from chatkit_doctor.component.retry import is_retried
from chatkit_doctor.protocol.events import member, type_of
from chatkit_doctor.protocol.payload import read_payload
from chatkit_doctor.recording.entries import (
    AnyEntry,
    RequestFailed,
    RequestSent,
    SseParsed,
    WireChunk,
    WireEnd,
    WireResponse,
)
from chatkit_doctor.vocabulary import STREAMING_OPS

ADDED: Final = "thread.item.added"
DONE: Final = "thread.item.done"
PROGRESS: Final = "progress_update"
LAST_WORDS: Final = frozenset(
    {"assistant_message", "widget", "structured_input", "generated_image", "end_of_turn"}
)
"""Items that can be the last of a turn. After thoughts, a task or a tool there is more to come, however long
that takes."""


class Foreseen:
    """Follows the answers of streaming operations, entry by entry."""

    def __init__(self) -> None:
        self.refusals = 0
        """How often in a row a request was refused in a way that lets the component send it again."""
        self._stream = ""
        """The stream that is open."""
        self._added: set[str] = set()
        """Items of it that are not done."""
        self._has_last_words = False
        self._latest = 0.0

    @property
    def said_all_ms(self) -> float:
        """When the open stream last brought anything, if all its items are done and what it told last may end
        a turn; infinite as long as there is more to come.
        """
        return self._latest if self._stream and self._has_last_words and not self._added else math.inf

    def on_entry(self, t: float, entry: AnyEntry) -> None:
        """Take notice of an entry of the journal."""
        match entry:
            case RequestSent(op=op) if op in STREAMING_OPS:
                self._stream = ""
            case WireResponse(op=op) if op in STREAMING_OPS:
                self._answered(t, entry)
            case WireChunk(id=stream) if stream == self._stream:
                self._latest = max(self._latest, t)
            case SseParsed(id=stream, data=data) if stream == self._stream:
                # Most events are pieces of text, and need not be read.
                if ADDED in data or DONE in data or PROGRESS in data:
                    self._event(data)
            case RequestFailed(id=stream) | WireEnd(id=stream) if stream == self._stream:
                self._stream = ""

    def _answered(self, t: float, answer: WireResponse) -> None:
        if is_retried(answer.status, answer.headers.get("content-type", "")):
            self.refusals += 1
            return
        self.refusals = 0
        self._stream, self._latest = answer.id, t
        self._added, self._has_last_words = set(), False

    def _event(self, data: str) -> None:
        event = read_payload(data).value or {}
        item = member(event, "item")
        kind = type_of(event)
        if kind == ADDED:
            self._added.add(str(item.get("id")))
        elif kind == DONE:
            self._added.discard(str(item.get("id")))
            self._has_last_words = type_of(item) in LAST_WORDS
        elif kind == PROGRESS:
            self._has_last_words = False
