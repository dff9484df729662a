"""One request, EventSource or WebSocket of a page, and what of it fell into a stretch of time."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal

from chatkit_doctor.recording.entries import RequestOther
from chatkit_doctor.recording.entries.request import Way

SLACK_MS: Final = 50.0
"""How far the clocks of page and browser process may disagree about what came first."""
MOST_MESSAGES: Final = 2_000
"""Messages of one connection that are kept, the latest."""
MOST_CHARACTERS: Final = 400_000
"""Characters of them: several times what is written down of one call."""
LONGEST_MESSAGE: Final = 4_000
"""Characters kept of one message."""
LONGEST_TEXT: Final = 60_000
"""Characters kept of all that was sent, and of all that came."""


Key = tuple[str, str, int]
"""Method, URL and the hash of the body."""


def key_of(method: str, url: str, body: str) -> Key:
    """What tells a request from others, without holding its body."""
    return method, url, hash(body)


@dataclass(slots=True)
class Span:
    """From when to when a call was under way, in ms; without an end it never was over."""

    begin: float
    end: float = math.inf
    heard: float = math.inf
    """When its end was told of: later than it was, on a busy machine."""

    def has(self, t: float, *, is_timed: bool = True) -> bool:
        """Whether a moment is in it; one that is not ``is_timed`` is when something was told of."""
        return self.begin - SLACK_MS <= t <= (self.end if is_timed else self.heard) + SLACK_MS


@dataclass(frozen=True, slots=True)
class _Message:
    t: float
    text: str
    is_sent: bool
    is_whole: bool


@dataclass(slots=True, eq=False)
class Connection:
    """A way to the network, and what went over it."""

    way: Way
    url: str
    method: str
    began: float
    headers: Mapping[str, str] | None = None
    body: str = ""
    over: float | None = None
    """When its answer had come or it had failed; None while it is open."""
    status: int | None = None
    content_type: str = ""
    answer: str | None = None
    """The body of its answer; None where it is not known."""
    error: str = ""
    is_timed: bool = True
    """Whether it is known when its messages were, and not only when they were told of."""
    _messages: deque[_Message] = field(default_factory=deque)
    _characters: int = 0
    _lost_ms: float = -math.inf
    """The time of the last message that was let go for lack of room."""
    _is_forgotten: bool = False

    @property
    def key(self) -> Key:
        """What tells it from others."""
        return key_of(self.method, self.url, self.body)

    def add(self, t: float, said: str | bytes, *, is_sent: bool) -> None:
        """A message of a WebSocket; of one that is not a text only its size is kept."""
        text = said if isinstance(said, str) else f"[{len(said)} bytes]"
        whole = isinstance(said, str) and len(said) <= LONGEST_MESSAGE
        self._keep(_Message(t, text[:LONGEST_MESSAGE], is_sent, whole))

    def add_event(self, t: float, name: str, data: str) -> None:
        """An event of an EventSource, kept as it is in a stream."""
        named = "" if name in {"", "message"} else f"event: {name}\n"
        lines = "".join(f"data: {line}\n" for line in data[:LONGEST_MESSAGE].split("\n"))
        self._keep(_Message(t, f"{named[:LONGEST_MESSAGE]}{lines}", False, len(data) <= LONGEST_MESSAGE))

    def forget(self) -> None:
        """Let go of all messages, and keep none that still come."""
        self._is_forgotten = True
        self._messages.clear()

    def _keep(self, message: _Message) -> None:
        if self._is_forgotten:
            return
        self._messages.append(message)
        self._characters += len(message.text)
        while len(self._messages) > MOST_MESSAGES or self._characters > MOST_CHARACTERS:
            lost = self._messages.popleft()
            self._characters -= len(lost.text)
            self._lost_ms = lost.t

    def answered(self, body: bytes) -> None:
        """The whole body of an answer."""
        self.answer = body[: 4 * LONGEST_TEXT].decode("utf-8", "replace")

    def is_within(self, span: Span) -> bool:
        """Whether it began, was answered, or carried a message in a stretch of time."""
        moments = (self.began, *((self.over,) if self.over is not None else ()))
        return any(map(span.has, moments)) or any(map(partial(self._is_in, span), self._messages))

    def _is_in(self, span: Span, message: _Message) -> bool:
        return span.has(message.t, is_timed=self.is_timed)

    def told(
        self, call: str, span: Span, by: Literal["page", "worker"], headers: Mapping[str, str] | None
    ) -> RequestOther:
        """What of it fell into the time in which a call was under way."""
        mine = list(filter(partial(self._is_in, span), self._messages))
        sent = [message.text for message in mine if message.is_sent]
        came = [message.text for message in mine if not message.is_sent]
        is_request = self.way in {"fetch", "xhr"}
        is_answered = self.over is not None and not self.error
        body = self.body if is_request else "\n".join(sent)
        answer = (self.answer or "") if is_request or not came else "\n".join(came)
        is_cut = len(body) > LONGEST_TEXT or len(answer) > LONGEST_TEXT or span.begin <= self._lost_ms
        is_missing = is_request and is_answered and self.answer is None
        return RequestOther(
            call=call,
            way=self.way,
            by=by,
            url=self.url,
            method=self.method,
            headers=headers,
            sent=int(span.has(self.began)) if self.way != "websocket" else len(sent),
            body=body[:LONGEST_TEXT],
            status=self.status,
            content_type=self.content_type,
            got=int(is_answered) if is_request else len(came),
            answer=answer[:LONGEST_TEXT],
            is_whole=not is_cut and not is_missing and all(message.is_whole for message in mine),
            error=self.error,
        )
