"""A backend that replays recorded responses over a real socket.

What is not as it was recorded: addresses and the page's origin are those of now, headers that belong to a
connection (length, encoding, keep-alive, date, cookies) are recreated, a refused connection is a dropped one,
and a body that the browser could not decode is sent in other bytes that it cannot decode either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chatkit_doctor.component.retry import is_retried
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.conversation.later_turn import as_later_turn
from chatkit_doctor.host.body import Ending, NoAnswer, Piece, PiecewiseResponse
from chatkit_doctor.host.cors import ALLOW_ORIGIN, recorded_cors
from chatkit_doctor.host.replay_timing import COMPRESSED, REAL
from chatkit_doctor.host.thread_memory import ThreadMemory
from chatkit_doctor.protocol.payload import parse_json, read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS, TURN_OPS

_OWN_HEADERS: Final = frozenset(
    {
        "alt-svc",
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "keep-alive",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
    }
)
"""Headers specific to one connection, which are not replayed."""
_OPERATIONS: Final = STREAMING_OPS | JSON_OPS
_UNDECODABLE: Final = "ERR_CONTENT_DECODING_FAILED"


@dataclass(slots=True)
class _Request:
    """One recorded request with all its attempts, and how many of them have been replayed."""

    attempts: list[Call]
    replayed: int = 0

    def next(self) -> Call:
        """The next attempt; the last one again if there are no more."""
        call = self.attempts[min(self.replayed, len(self.attempts) - 1)]
        self.replayed += 1
        return call

    def is_repeated(self) -> bool:
        """Whether the component has a reason to send the same again: the answer, or the page made it one."""
        last = self.attempts[min(self.replayed, len(self.attempts)) - 1]
        was_refused = is_retried(last.status, last.headers.get("content-type", ""))
        return was_refused or self.replayed < len(self.attempts)


@dataclass(slots=True)
class _Line:
    """The recorded requests of one kind in their order, and what the latest of them asked for."""

    requests: list[_Request] = field(default_factory=list)
    current: _Request | None = None
    body: object = None


class ReplayedBackend:
    """Answers each operation with the recorded answer to the request in its place.

    Turns are counted together: once the first is repaired, what began a thread is a message in one.
    """

    def __init__(self, conversation: Conversation, page_origin: str, *, is_real_time: bool = False) -> None:
        self._page_origin = page_origin
        self._cors = recorded_cors(conversation)
        self._is_real_time = is_real_time
        self._lines: dict[str, _Line] = {}
        self._memory = ThreadMemory()
        for call in conversation.calls:
            line = self._line(call.op)
            if call.attempt > 1 and line.requests:
                line.requests[-1].attempts.append(call)
            else:
                line.requests.append(_Request([call]))

    async def answer(self, body: dict[str, Any]) -> Response:
        """The response to one operation."""
        op = str(body.get("type", ""))
        if op not in _OPERATIONS:
            op = self._rewritten(body) or op
        given = body.get("params")
        thread_id = str(given.get("thread_id") or "") if isinstance(given, dict) else ""
        call = self._turn(op, body) if op in STREAMING_OPS else self._read(op, body)
        if call is None:
            return self._unrecorded(op, thread_id)
        if op in TURN_OPS and thread_id and call.op != op:
            call = as_later_turn(call, thread_id)
        for event in parse(call.body)[0] if op in STREAMING_OPS else ():
            self._memory.remember(read_payload(event.data).value, thread_id)
        return self._response(call)

    async def file(self, _file_id: str, _request: Request, /) -> Response:
        """Accept and discard any upload."""
        return Response(status_code=200)

    def close(self) -> None:
        """Nothing to release."""

    def _rewritten(self, body: dict[str, Any]) -> str:
        """The operation that a page's own fetch sent in these words, which name none; empty for none."""
        recorded = (each.attempts[0] for line in self._lines.values() for each in line.requests)
        return next((call.op for call in recorded if _asks(call, body)), "")

    def _unrecorded(self, op: str, thread_id: str) -> Response:
        """An answer to what was never asked; the page may read it if it is at another origin, too."""
        if op in JSON_OPS:
            response = self._memory.answer(op, thread_id)
        else:
            what = f"the recording has no answer to this {op}"
            response = JSONResponse({"error": what}, status_code=400)
        if self._cors is not None:
            response.headers[ALLOW_ORIGIN] = self._page_origin
        return response

    def _line(self, op: str) -> _Line:
        return self._lines.setdefault("turns" if op in TURN_OPS else op, _Line())

    def _turn(self, op: str, body: object) -> Call | None:
        """The answer to the request in this place, or to its next attempt if it is sent again."""
        line = self._line(op)
        if line.current is None or body != line.body or not line.current.is_repeated():
            line.current = next((request for request in line.requests if not request.replayed), None)
            line.body = body
        return line.current.next() if line.current is not None else None

    def _read(self, op: str, body: dict[str, Any]) -> Call | None:
        """The next answer to the same question, then its last one again; else the next of the operation."""
        requests = self._line(op).requests
        same = [request for request in requests if _asks(request.attempts[0], body)]
        unused = [request for request in same or requests if not request.replayed]
        if unused:
            return unused[0].next()
        return same[-1].attempts[-1] if same else None

    def _response(self, call: Call) -> Response:
        timing = REAL if self._is_real_time else COMPRESSED
        delay = timing.before(call)
        if call.status is None and call.kept_status is not None:
            return PiecewiseResponse(call.kept_status, [], [Ending("close")], delay_ms=delay)
        if call.status is None:
            return NoAnswer("hang" if call.how in {"open", "aborted"} else "cut", delay_ms=delay)
        headers = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in self._headers(call.headers)
        ]
        pieces: Iterator[Piece] = timing.pieces(call)
        if _UNDECODABLE in call.error:
            coding = call.headers.get("content-encoding", "gzip")
            headers.append((b"content-encoding", coding.encode("latin-1", "replace")))
            pieces = iter((b"data: not encoded\n\n", Ending("close")))
        return PiecewiseResponse(call.status, headers, pieces, delay_ms=delay)

    def _headers(self, recorded: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name, value in recorded.items():
            if name == ALLOW_ORIGIN and self._cors is not None:
                yield name, self._cors.translated(value, self._page_origin)
            elif name not in _OWN_HEADERS:
                # What was sent in several lines is recorded in several lines of one value.
                yield name, ", ".join(value.split("\n"))


def _asks(call: Call, body: dict[str, Any]) -> bool:
    """Whether a request was recorded in these words, be they the component's or the page's own."""
    return any(_is(body, recorded) for recorded in (call.request, call.rewritten))


def _is(body: dict[str, Any], recorded: bytes) -> bool:
    try:
        return bool(parse_json(recorded.decode(errors="replace")) == body)
    except ValueError:
        return False
