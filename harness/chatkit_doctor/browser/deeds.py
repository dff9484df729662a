"""What a user does at a page, as far as a session can tell: it is loaded, and messages are sent."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from chatkit_doctor.browser.waits import Before
from chatkit_doctor.protocol.events import member, text_of
from chatkit_doctor.recording.entries import AnyEntry, PageDocument, RequestAsked, RequestSent
from chatkit_doctor.vocabulary import TURN_OPS


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document has come in place of the page, at ``t`` (ms)."""

    t: float


@dataclass(frozen=True, slots=True)
class Sent:
    """A message is on its way, since ``t`` (ms). ``before`` is what had been seen by then."""

    t: float
    text: str
    before: Before


class Deeds:
    """Those that are still to be put down, fed by the journal; the first document is the page itself."""

    def __init__(self, seen: Callable[[], Before]) -> None:
        self.waiting: deque[Loaded | Sent] = deque()
        self._seen = seen
        self._is_open = False
        self._asked = self._sent = self._noted = 0

    def on_entry(self, t: float, entry: AnyEntry) -> None:
        """Take notice of an entry."""
        match entry:
            case PageDocument(status=status) if not 300 <= status < 400:
                if self._is_open:
                    self.waiting.append(Loaded(t))
                self._is_open = True
            case RequestAsked(op=op, body=body) if op in TURN_OPS:
                self._asked += 1
                self._note(t, body)
            case RequestSent(op=op, body=body) if op in TURN_OPS:
                self._sent += 1
                self._note(t, body)

    def next(self) -> Loaded | Sent | None:
        """The first that waits; None where nothing does."""
        return self.waiting.popleft() if self.waiting else None

    @property
    def next_ms(self) -> float:
        """When the first that waits was done; infinite where nothing waits."""
        return self.waiting[0].t if self.waiting else math.inf

    def drop(self, until_ms: float) -> None:
        """Forget what came up to a moment: it was part of something else."""
        while self.waiting and self.waiting[0].t <= until_ms:
            self.waiting.popleft()

    def drop_loads(self) -> None:
        """Forget documents that came before anything was sent."""
        while self.waiting and isinstance(self.waiting[0], Loaded):
            self.waiting.popleft()

    def _note(self, t: float, body: object) -> None:
        # A message is heard of when the component asks for it, and when it leaves the browser.
        if max(self._asked, self._sent) > self._noted:
            self._noted += 1
            self.waiting.append(Sent(t, _message(body), self._seen()))


def _message(body: object) -> str:
    """What a user says in a request that brings their message to the backend."""
    asked = body if isinstance(body, dict) else {}
    content = member(member(asked, "params"), "input").get("content")
    return text_of({"type": "user_message", "content": content})
