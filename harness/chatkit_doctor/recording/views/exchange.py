"""One request of the component with everything that came of it, as far as it was observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chatkit_doctor.protocol.dialects import Frame
from chatkit_doctor.protocol.payload import JsonObject, Payload, json_or_text, parse_json
from chatkit_doctor.protocol.sse import SseProblem
from chatkit_doctor.recording.entries import (
    Entry,
    FetchCall,
    FetchChunk,
    FetchEnd,
    FetchReturned,
    FetchThrew,
    FetchUnwatched,
    RequestAsked,
    RequestFailed,
    RequestPreflight,
    RequestSent,
    SseParsed,
    WireChunk,
    WireEnd,
    WireResponse,
)
from chatkit_doctor.recording.entries.fetch import ReadEnd
from chatkit_doctor.recording.entries.wire import BodyEnd
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import STREAMING_OPS

_AS_BODY_END: Final[Mapping[ReadEnd, BodyEnd]] = {
    "finished": "finished",
    "failed": "cut",
    "cancelled": "aborted",
}


@dataclass(frozen=True, slots=True)
class Received:
    """One event as it reached the component, with the journal entry and time (ms) it is known from."""

    n: int
    t: float
    data: str
    payload: Payload
    name: str = ""
    """The stream's own ``event:`` name; empty where it has none or it is not known."""
    at: int | None = None
    """Byte offset in the body, where known."""

    @property
    def frame(self) -> Frame:
        """The event as the dialects look at it."""
        return Frame.of(self.name, self.data, self.payload)


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """One request on the wire; a retry is another one."""

    id: str
    sent: Entry[RequestSent] | None = None
    response: Entry[WireResponse] | None = None
    failed: Entry[RequestFailed] | None = None
    preflight: Entry[RequestPreflight] | None = None
    chunks: tuple[Entry[WireChunk], ...] = ()
    end: Entry[WireEnd] | None = None
    parsed: tuple[Entry[SseParsed], ...] = ()
    payloads: tuple[Payload, ...] = ()
    """What each of the parsed events holds, as far as its entry keeps it."""

    @property
    def status(self) -> int | None:
        """The HTTP status; None without a response."""
        return self.response.data.status if self.response is not None else None

    @property
    def mime(self) -> str:
        """The media type of the response as it was written, without parameters; empty where it has none."""
        return media_type(header(self.response, "content-type"))

    @property
    def size(self) -> int:
        """Bytes of the body as the browser decoded it."""
        if self.end is not None:
            return self.end.data.size
        return sum(chunk.data.size for chunk in self.chunks)

    @property
    def how(self) -> BodyEnd | None:
        """How the body ended; None where that is not known."""
        return self.end.data.how if self.end is not None else None

    @property
    def accepted(self) -> bool:
        """Whether the backend answered with a success."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def values(self) -> tuple[JsonObject, ...]:
        """The readable events on the wire, in order."""
        return tuple(value for payload in self.payloads if (value := payload.value) is not None)

    def body(self, recording: Recording) -> bytes:
        """The recorded body; empty where there is none."""
        return recording.body(self.end.data.body) if self.end is not None else b""

    def came_ms(self, told_ms: float) -> float:
        """When a part of the body had come that the browser told of at ``told_ms``.

        It tells of a part when the page has come to it, and of the end of a body when that came over the
        network: on a busy machine the end can lie seconds before the parts. None came after the end.
        """
        end = self.end
        return min(told_ms, end.t) if end is not None and end.data.how == "finished" else told_ms


@dataclass(frozen=True, slots=True, eq=False)
class PageFetch:
    """One call of a fetch in the page: its own ``api.fetch`` (``custom``) or the global one."""

    id: str
    call: Entry[FetchCall]
    returned: Entry[FetchReturned] | None = None
    threw: Entry[FetchThrew] | None = None
    unwatched: Entry[FetchUnwatched] | None = None
    chunks: tuple[Entry[FetchChunk], ...] = ()
    end: Entry[FetchEnd] | None = None

    @property
    def custom(self) -> bool:
        """Whether this is the page's own ``api.fetch``."""
        return self.call.data.custom

    @property
    def status(self) -> int | None:
        """The status of the response it returned; None without one."""
        return self.returned.data.status if self.returned is not None else None

    @property
    def mime(self) -> str:
        """The media type of the response it returned, as for the wire."""
        return media_type(self.returned.data.content_type or "") if self.returned is not None else ""

    def body(self, recording: Recording) -> bytes:
        """What the component read of it; empty where nothing was recorded."""
        return recording.body(self.end.data.body) if self.end is not None else b""


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """One request of the component with everything that came of it.

    ``turn`` counts messages sent by the user from 1; None outside a turn. ``received`` are the events
    as the component got them: all that carry data, readable or not, in order.
    """

    op: str
    url: str
    t: float
    turn: int | None
    asked: Entry[RequestAsked] | None = None
    calls: tuple[PageFetch, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    received: tuple[Received, ...] = ()
    lost_tail: Received | None = None
    """An event whose final blank line never came: on the wire, and dropped by every client."""
    framing: tuple[SseProblem, ...] = ()
    """What is wrong with the bytes of the stream the component was given."""
    body_text: str = field(default="", repr=False)
    """The beginning of a streaming body in which no event was found."""
    cut: bool = False
    """Whether a limit of the recording dropped some of its events."""

    @property
    def streaming(self) -> bool:
        """Whether the operation is answered with events."""
        return self.op in STREAMING_OPS

    @property
    def events(self) -> tuple[JsonObject, ...]:
        """The readable events as handed to the component, in order."""
        return tuple(value for event in self.received if (value := event.payload.value) is not None)

    @property
    def last(self) -> Attempt | None:
        """The latest attempt on the wire that anything came of; the very latest where nothing came of any.

        A repetition that is on its way when the session ends takes nothing back of what was answered.
        """
        told = (each for each in reversed(self.attempts) if each.response or each.failed)
        return next(told, self.attempts[-1] if self.attempts else None)

    @property
    def custom(self) -> PageFetch | None:
        """The latest call of the page's own fetch."""
        return next((call for call in reversed(self.calls) if call.custom), None)

    @property
    def status(self) -> int | None:
        """The HTTP status the component saw."""
        handed = self.custom.status if self.custom is not None else None
        return handed if handed is not None else (self.last.status if self.last else None)

    @property
    def mime(self) -> str:
        """The media type the component saw."""
        if self.custom is not None and self.custom.returned is not None:
            return self.custom.mime
        return self.last.mime if self.last else ""

    @property
    def how(self) -> BodyEnd | None:
        """How the body ended, as for :attr:`Attempt.how`."""
        if self.last is not None and self.last.how is not None:
            return self.last.how
        end = next((call.end for call in reversed(self.calls) if call.end is not None), None)
        return _AS_BODY_END[end.data.how] if end is not None else None

    @property
    def body_asked(self) -> object:
        """The request body as the component asked for it, parsed where it is JSON; as sent where that is not
        known.
        """
        first: Entry[RequestAsked | FetchCall | RequestSent] | None = self.asked
        first = first or (self.calls[0].call if self.calls else None)
        if (first is None or first.data.body is None) and self.attempts:
            first = self.attempts[0].sent
        return json_or_text(first.data.body) if first is not None else None

    def answer(self, recording: Recording) -> object:
        """The JSON document the component was answered with. Raises ValueError when it is not JSON."""
        body = self.custom.body(recording) if self.custom is not None else b""
        if not body and self.last is not None:
            body = self.last.body(recording)
        return parse_json(body.decode(errors="replace"))


def header(response: Entry[WireResponse] | None, name: str) -> str:
    """A response header by its lower-case name; empty where it is absent."""
    return response.data.headers.get(name, "") if response is not None else ""


def media_type(content_type: str) -> str:
    """``text/event-stream; charset=utf-8`` → ``text/event-stream``.

    Its case stays: HTTP does not mind it, the component does (measured: ``Text/Event-Stream`` is not a
    stream).
    """
    return content_type.partition(";")[0].strip()
