"""The requests of a HAR that a page made in place of the component's: known by how they were answered.

A page's own fetch may send anything anywhere: ``{"message": …}`` to ``/api/chat``. What comes back is what
the component is handed, and that is an event stream, or was meant as one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.conversation.har_entry import answer_body, content_type, is_passed_on, text
from chatkit_doctor.protocol.dialects import recognise
from chatkit_doctor.protocol.dialects.dialect import Frame
from chatkit_doctor.protocol.dialects.recognition import LOOSE, line_frames
from chatkit_doctor.protocol.events import member
from chatkit_doctor.protocol.payload import JsonObject, read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.safe_text import one_line
from chatkit_doctor.vocabulary import STREAMING_OPS

_BEGINNING: Final = 64 * 1024
"""Bytes of a body by which it is known."""
_MOST_BYTES: Final = 256 * 1024 * 1024
"""Of all bodies that are examined: a file may name others beside it, again and again."""
_EVENTS: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:data|event|id|retry):")
_LINES: Final = re.compile(rb'\s*\{\s*"type"\s*:\s*"thread\.')
_CREATED: Final = "thread.created"
_MOST_NAMED: Final = 3
_LONGEST: Final = 200
"""Characters of an endpoint in a note."""

_SPEAKS, _WAS_SENT, _WAS_GOT = 3, 2, 1
"""How far a stream is from what a chat is answered with: it reports a thread or of a model's answer; it
answers a request with a body; it is any other, such as a development server's."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The endpoints at which a page asks in its own words, and those whose streams are left alone."""

    taken: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def has(self, entry: JsonObject) -> bool:
        """Whether an entry is a request to one of the endpoints that were taken."""
        return endpoint(entry) in self.taken and not is_passed_on(entry)

    def note(self, count: int) -> str:
        """Which were taken, and which left alone; empty where there is nothing to tell."""
        left = f"event streams ignored: {_listed(self.left)} (see --match)" if self.left else ""
        if not self.taken:
            return left
        noun = "request is" if count == 1 else "requests are"
        taken = (
            f"{count} {noun} not ChatKit's own, as when a page's fetch rewrites requests, and recognised by "
            f"the response: {_listed(self.taken)}; the operations are inferred (see --op)"
        )
        return f"{taken}; {left}" if left else taken


def rewritten(
    foreign: Sequence[JsonObject], folder: Path | None, *, has_own_streams: bool, is_narrowed: bool
) -> Rewritten:
    """What among requests that are not ChatKit's own is meant for the component.

    Nothing is, where streams were asked for in ChatKit's own words. Otherwise those endpoints whose answers
    look most like a chat's; where a user has narrowed down what is meant and no stream is among it, every
    request with a body.
    """
    ranks = _ranks(foreign, folder)
    if has_own_streams:
        return Rewritten(left=tuple(name for name, rank in ranks.items() if rank >= _WAS_SENT))
    if not ranks and is_narrowed:
        return Rewritten(
            tuple(dict.fromkeys(name for e in foreign if (name := endpoint(e)).startswith("POST ")))
        )
    best = max(ranks.values(), default=0)
    return Rewritten(
        tuple(name for name, rank in ranks.items() if rank == best),
        tuple(name for name, rank in ranks.items() if rank < best),
    )


def endpoint(entry: JsonObject) -> str:
    """The method and the URL without its query; empty for what is no request of a page to a server."""
    request = member(entry, "request")
    method = text(request.get("method")).upper()
    try:
        parts = urlsplit(text(request.get("url")))
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or method in {"", "OPTIONS"}:
        return ""
    return f"{method} {parts.scheme}://{host}{parts.path}"


def _ranks(foreign: Sequence[JsonObject], folder: Path | None) -> dict[str, int]:
    """Each endpoint that was answered with a stream, and the highest rank of its streams."""
    ranks: dict[str, int] = {}
    bytes_left = _MOST_BYTES
    for entry in foreign:
        name = endpoint(entry)
        is_stream = content_type(entry) == EVENT_STREAM
        was_sent = name.startswith("POST ")
        if not name or not (is_stream or was_sent):
            continue
        body = (answer_body(entry, folder).data if bytes_left > 0 else None) or b""
        bytes_left -= len(body)
        rank = _rank(body[:_BEGINNING], is_stream=is_stream, was_sent=was_sent)
        if rank:
            ranks[name] = max(rank, ranks.get(name, 0))
    return ranks


def _rank(body: bytes, *, is_stream: bool, was_sent: bool) -> int:
    if not is_stream and not _EVENTS.match(body) and not _LINES.match(body):
        return 0
    if _speaks(_frames(body)):
        return _SPEAKS
    return _WAS_SENT if was_sent else _WAS_GOT


def _speaks(frames: Sequence[Frame]) -> bool:
    if any(name.startswith("thread.") for frame in frames for name in (frame.name, frame.type)):
        return True
    found = recognise(frames)
    return found is not None and found.dialect.id not in LOOSE


def _frames(body: bytes) -> list[Frame]:
    if _LINES.match(body):
        return line_frames(body.decode(errors="replace"))
    return [Frame.of(event.event, event.data, read_payload(event.data)) for event in parse(body)[0]]


@dataclass(slots=True)
class Operations:
    """Which operation each rewritten request stands for, in the order in which they were made.

    ``named`` is what a user says of all of them. Otherwise it is what the request itself names; or a new
    thread, as long as the component has been told of none.
    """

    named: str | None = None
    _threads: set[str] = field(default_factory=set)

    def opened(self, thread_id: object) -> None:
        """The component has read a thread."""
        if isinstance(thread_id, str):
            self._threads.add(thread_id)

    def of(self, request: bytes, answer: bytes) -> str:
        """The operation of the next request."""
        told_of = announced(answer)
        is_later = bool(self._threads) and told_of <= self._threads
        self._threads |= told_of
        if self.named is not None:
            return self.named
        told = Counter(op for op in STREAMING_OPS if f'"{op}"'.encode() in request)
        if len(told) == 1:
            return next(iter(told))
        return "threads.add_user_message" if is_later else "threads.create"


def announced(answer: bytes) -> set[str]:
    """The ids of the threads that a stream announces."""
    ids = set()
    for frame in _frames(answer):
        if frame.type == _CREATED:
            thread = frame.object.get("thread")
            id_ = thread.get("id") if isinstance(thread, Mapping) else None
            ids |= {id_} if isinstance(id_, str) else set()
    return ids


def _listed(endpoints: Sequence[str]) -> str:
    named = ", ".join(one_line(name, _LONGEST) for name in endpoints[:_MOST_NAMED])
    more = len(endpoints) - _MOST_NAMED
    return f"{named} and {more} more" if more > 0 else named
