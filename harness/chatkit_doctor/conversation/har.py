"""The ChatKit requests in a HAR, as Chrome, Firefox, Playwright and proxies write them.

Format: http://www.softwareishard.com/blog/har-12-spec/; names with a leading underscore are the writers' own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urldefrag

from chatkit_doctor.conversation.body_limits import MAX_BYTES, MAX_LINES, BodyLimits
from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation, Preflight
from chatkit_doctor.conversation.transport_faults import TransportFault, of_text, told
from chatkit_doctor.errors import RecordingError
from chatkit_doctor.protocol.events import member, type_of
from chatkit_doctor.protocol.payload import JsonObject, parse_json
from chatkit_doctor.recording.entries.wire import BodyEnd
from chatkit_doctor.regular_files import NotAllowedError, read_regular
from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS

MAX_CALLS: Final = 500
"""ChatKit requests of one HAR that are looked at: the first ones."""
_INSTANCE: Final = "chatkit-frame-instance-id"
"""A header that tells one life of the component from the next (measured)."""
_OPS: Final = STREAMING_OPS | JSON_OPS
_LONGEST_MS: Final = 366 * 24 * 3_600_000.0
"""A year: what is longer was not measured."""
_WITHOUT_BODY: Final = frozenset({204, 205, 304})
_HINT: Final = (
    "Record with the network panel open and save “all as HAR with content”; in Playwright use "
    "record_har_content='embed'."
)


def read(document: object, source: str, folder: Path | None) -> Conversation:
    """The conversation in a HAR. ``folder`` holds bodies that Playwright writes beside it.

    Raises RecordingError when there is no ChatKit request with an answer in it.
    """
    entries = _entries(document)
    reader = _Reader(folder)
    calls = list(reader.calls(entries))
    if not calls:
        missing = "no ChatKit request with its answer" if reader.bodiless else "no ChatKit request"
        raise RecordingError(f"there is {missing} among its {len(entries)} entries", where=source, hint=_HINT)
    in_time = sorted(_reloads(calls), key=lambda call: call.t_ms)
    return Conversation("har", source, tuple(in_time), tuple(reader.notes(len(entries))), timed=False)


def _entries(document: object) -> list[JsonObject]:
    """Its entries in the order in which they began."""
    log = member(document, "log") if isinstance(document, Mapping) else {}
    found = log.get("entries")
    entries = [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []
    return sorted(entries, key=_began)


@dataclass(slots=True)
class _Reader:
    folder: Path | None
    bodiless: int = 0
    """Answers that had a body which the HAR does not hold."""
    rebuilt: int = 0
    taken: int = 0
    """Entries that went into the conversation, preflights among them."""
    beyond: int = 0
    """ChatKit requests beyond the limit of their number or of their bodies."""
    _limits: BodyLimits = field(default_factory=BodyLimits)
    _preflights: dict[str, Preflight] = field(default_factory=dict)

    def calls(self, entries: list[JsonObject]) -> Iterator[tuple[str, Call]]:
        """Each ChatKit request, with the name of the component's life it belongs to."""
        begin = min((moment for entry in entries if (moment := _began(entry))), default=0.0)
        found = 0
        for entry in entries:
            request = member(entry, "request")
            url = urldefrag(_text(request.get("url"))).url
            method = _text(request.get("method")).upper()
            if method == "OPTIONS":
                self._preflights[url] = _preflight(entry)
            body = self._sent(request) if method == "POST" else b""
            op = _operation(body)
            if not op or _is_passed_on(entry):
                continue
            found += 1
            if found > MAX_CALLS:
                self.beyond += 1
                continue
            call = Call(op, url, min(max(0.0, _began(entry) - begin), _LONGEST_MS), body, _headers(request))
            answered = self._answered(entry, call)
            if answered is None:
                self.bodiless += 1
                continue
            answered = self._limited(answered)
            if answered.unread and op in JSON_OPS:
                # Half a document would be judged as a broken one.
                self.beyond += 1
                continue
            preflight = self._preflights.pop(url, None)
            self.taken += 1 if preflight is None else 2
            life = answered.request_headers.get(_INSTANCE, "") or _text(entry.get("pageref"))
            yield life, replace(answered, preflight=preflight)

    def notes(self, total: int) -> Iterator[str]:
        """What of the HAR is not in the conversation."""
        if left := total - self.taken - self.bodiless - self.beyond:
            yield f"{left} of {total} entries are no answered ChatKit requests and were left out"
        if self.bodiless:
            yield f"{self.bodiless} ChatKit requests were left out: their answers are not in the HAR. {_HINT}"
        if self.beyond:
            yield (
                f"{self.beyond} ChatKit requests were left out: the limit of {MAX_CALLS:,} requests and of "
                f"{MAX_BYTES // 1024 // 1024} MB and {MAX_LINES:,} lines in the bodies of one HAR"
            )
        if self.rebuilt:
            yield (
                f"the bodies of {self.rebuilt} streams are not in the HAR: they were put together from the "
                "events that the browser noted, and how they were framed is not known"
            )
        yield "a HAR has no times within a body: nothing is said of how it arrived"

    def _limited(self, call: Call) -> Call:
        """The call with as much of its body as is looked at."""
        body, why = self._limits.take(call.body)
        if not why:
            return call
        chunks = (Chunk(call.ended_ms, body),) if body else ()
        return replace(call, chunks=chunks, how="open", unread=why)

    def _answered(self, entry: JsonObject, call: Call) -> Call | None:
        """The call with its answer; None where it had one that the HAR does not hold."""
        response = member(entry, "response")
        status = _status(response)
        total = _number(entry.get("time"))
        receive = min(total, _number(member(entry, "timings").get("receive")))
        answered, ended = call.t_ms + total - receive, call.t_ms + total
        error = _failure(response)
        if not status:
            error = error or "there was no answer"
            return replace(call, ended_ms=ended, how="cut", error=error)
        body = self._body(entry, response)
        if body is None and (200 <= status < 300 and status not in _WITHOUT_BODY) and not error:
            return None
        how: BodyEnd = "finished" if not error else "aborted" if "ABORTED" in error.upper() else "cut"
        return replace(
            call,
            status=status,
            headers=_headers(response),
            answered_ms=answered,
            chunks=(Chunk(ended, body),) if body else (),
            ended_ms=ended,
            how=how,
            error=error,
        )

    def _body(self, entry: JsonObject, response: JsonObject) -> bytes | None:
        body = self._content(member(response, "content"))
        noted = entry.get("_eventSourceMessages")
        if not body and isinstance(noted, list) and noted:
            # Chrome keeps the events of a stream even where it did not keep the stream.
            self.rebuilt += 1
            return b"".join(_framed(message) for message in noted if isinstance(message, Mapping))
        return body

    def _sent(self, request: JsonObject) -> bytes:
        return self._content(member(request, "postData")) or b""

    def _content(self, content: JsonObject) -> bytes | None:
        """A body: as text, in base64, or in a file beside the HAR; None where it is not there."""
        text = content.get("text")
        if isinstance(text, str):
            return _decoded(text, _text(content.get("encoding")))
        name = content.get("_file")
        if self.folder is None or not isinstance(name, str):
            return None
        try:
            return read_regular(self.folder / name, MAX_BYTES, below=self.folder)
        except (OSError, NotAllowedError):
            return None


def _decoded(text: str, encoding: str) -> bytes | None:
    if encoding != "base64":
        return text.encode(errors="replace")
    try:
        return base64.b64decode(text)
    except ValueError:
        return None


def _framed(message: JsonObject) -> bytes:
    """An event as a stream would carry it."""
    name, id_ = _text(message.get("eventName")), _text(message.get("eventId"))
    lines = [f"event: {name}"] if name not in {"", "message"} else []
    lines += [f"id: {id_}"] if id_ else []
    lines += [f"data: {line}" for line in _text(message.get("data")).split("\n")]
    return ("\n".join(lines) + "\n\n").encode(errors="replace")


def _is_passed_on(entry: JsonObject) -> bool:
    """Whether a redirect repeats the same request elsewhere, which is an entry of its own."""
    response = member(entry, "response")
    return _status(response) in {307, 308} and "location" in _headers(response)


def _preflight(entry: JsonObject) -> Preflight:
    response = member(entry, "response")
    status = _status(response) or None
    asked = _headers(member(entry, "request")).get("access-control-request-headers", "")
    error = _failure(response)
    return Preflight(status, _headers(response), asked, "" if status else error or "there was no answer")


def _status(response: JsonObject) -> int:
    """The HTTP status; 0 where there was no answer, or what stands there is none."""
    status = _number(response.get("status"))
    return int(status) if 100 <= status <= 999 else 0


def _failure(response: JsonObject) -> str:
    """What went wrong, in the browser's words; the header that a body contradicts is named."""
    error = _text(response.get("_error")) or _text(response.get("_failureText"))
    if of_text(error) is TransportFault.BODY_UNDECODABLE:
        coding = _headers(response).get("content-encoding", "")
        return told(TransportFault.BODY_UNDECODABLE, f"it says {coding}" if coding else "")
    return error


def _reloads(calls: list[tuple[str, Call]]) -> Iterator[Call]:
    """The calls, marked where a new life of the component reads a thread that an earlier one streamed."""
    streamed: list[Call] = []
    lives: dict[str, list[Call]] = {}
    for life, call in calls:
        lives.setdefault(life, []).append(call)
    for own in lives.values():
        streams = [at for at, call in enumerate(own) if call.op in STREAMING_OPS]
        opening = streams[0] if streams else len(own)
        is_reload = any(
            call.op == "threads.get_by_id" and _concerns(call, streamed) for call in own[:opening]
        )
        for at, call in enumerate(own):
            yield replace(call, reload=is_reload and at < opening)
        streamed += [own[at] for at in streams]


def _concerns(read: Call, streamed: list[Call]) -> bool:
    """Whether a read asks for a thread of which one of these streams speaks."""
    id_ = member(_object(read.request), "params").get("thread_id")
    if not isinstance(id_, str):
        return False
    written = json.dumps(id_).encode()
    return any(written in call.body or written in call.request for call in streamed)


def _operation(body: bytes) -> str:
    op = type_of(_object(body)) if body.lstrip().startswith(b"{") else ""
    return op if op in _OPS else ""


def _object(body: bytes) -> JsonObject:
    try:
        value = parse_json(body.decode(errors="replace"))
    except ValueError:
        return {}
    return value if isinstance(value, Mapping) else {}


def _headers(message: JsonObject) -> dict[str, str]:
    """Headers by their lower-case names, without those of HTTP/2 that are none."""
    found = message.get("headers")
    pairs = [pair for pair in found if isinstance(pair, Mapping)] if isinstance(found, list) else []
    named = ((_text(pair.get("name")).lower(), _text(pair.get("value"))) for pair in pairs)
    return {name: value for name, value in named if name and not name.startswith(":")}


def _began(entry: JsonObject) -> float:
    """When a request began, in ms since 1970; 0 where the HAR does not say."""
    try:
        moment = datetime.fromisoformat(_text(entry.get("startedDateTime")))
    except ValueError:
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> float:
    """A number of ms or a status; a HAR writes -1 for what does not apply."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    try:
        number = float(value)
    except OverflowError:
        return 0.0
    return number if 0.0 <= number <= _LONGEST_MS else 0.0
