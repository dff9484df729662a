"""What a user does at a page, as far as a session can tell: it is loaded, and messages are sent."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from chatkit_doctor.browser.waits import Before
from chatkit_doctor.protocol.events import member, text_of
from chatkit_doctor.recording.entries import AnyEntry, PageDocument, RequestAsked, RequestSent
from chatkit_doctor.vocabulary import TURN_OPS

LATE_MS: Final = 1_000.0
"""How long before the browser reports a document its page may be there: 0.1 s was seen on a busy machine."""
REPORT_MS: Final = 2_000.0
"""How long a message waits for the second of its two reports, which mostly come within a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document has come in place of the page, at ``t`` (ms)."""

    t: float


@dataclass(frozen=True, slots=True)
class Sent:
    """A message is on its way, since ``t`` (ms). ``before`` is what had been seen by then.

    ``number`` counts messages from 1; ``is_whole`` says whether both the component's call and the request
    that left the browser have been reported.
    """

    t: float
    text: str
    before: Before
    number: int = 0
    is_whole: bool = False


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
                self._note(t, body, self._asked)
            case RequestSent(op=op, body=body) if op in TURN_OPS:
                self._sent += 1
                self._note(t, body, self._sent)

    def next(self) -> Loaded | Sent | None:
        """The first that waits; None where nothing does."""
        return self.waiting.popleft() if self.waiting else None

    @property
    def next_ms(self) -> float:
        """When the first that waits was done; infinite where nothing waits."""
        return self.waiting[0].t if self.waiting else math.inf

    @property
    def ready_ms(self) -> float:
        """When all that there is to know of the first that waits is known; infinite where nothing waits.

        On a busy machine the page reports a call later than the browser reports the request that it led to.
        """
        match self.waiting[0] if self.waiting else None:
            case None:
                return math.inf
            case Sent(t=t, is_whole=False):
                return t + REPORT_MS
            case first:
                return first.t

    def drop(self, until_ms: float) -> None:
        """Forget what came up to a moment: it was part of something else."""
        while self.waiting and self.waiting[0].t <= until_ms:
            self.waiting.popleft()

    def drop_loads(self) -> None:
        """Forget documents that came before anything was sent."""
        while self.waiting and isinstance(self.waiting[0], Loaded):
            self.waiting.popleft()

    def _note(self, t: float, body: object, number: int) -> None:
        # A message is heard of when the component asks for it, and when it leaves the browser.
        if number > self._noted:
            self._noted = number
            self.waiting.append(Sent(t, _message(body), self._seen(), number))
            return
        for place, each in enumerate(self.waiting):
            if isinstance(each, Sent) and each.number == number:
                self.waiting[place] = replace(each, t=min(each.t, t), is_whole=True)


def _message(body: object) -> str:
    """What a user says in a request that brings their message to the backend."""
    asked = body if isinstance(body, dict) else {}
    content = member(member(asked, "params"), "input").get("content")
    return text_of({"type": "user_message", "content": content})
