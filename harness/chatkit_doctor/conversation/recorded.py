"""The requests of a recording as a conversation: what crossed the wire, whatever the page made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation, Preflight
from chatkit_doctor.errors import RecordingError
from chatkit_doctor.origins import origin_of
from chatkit_doctor.recording.entries import (
    Entry,
    RequestFailed,
    RequestPreflight,
    SseParsed,
    StepBegin,
    WireEnd,
)
from chatkit_doctor.recording.entries.wire import BodyEnd
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, exchanges
from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS

_OPS: Final = STREAMING_OPS | JSON_OPS


def read(path: Path) -> Conversation:
    """The conversation of a recording, given as its folder or journal.

    Raises RecordingError when it cannot be read or holds no request to a backend.
    """
    found = conversation_of(load(path), source=str(path))
    if not found.calls:
        raise RecordingError(
            "it contains no request to a backend with its response",
            where=str(path),
            hint="Run chatkit-doctor audit to see why the component sent none.",
        )
    return found


def conversation_of(recording: Recording, *, source: str = "") -> Conversation:
    """The conversation of a recording that is at hand; without calls where it has no request to a backend."""
    reader = _Reader(recording)
    calls = sorted(reader.calls(), key=lambda call: call.t_ms)
    return Conversation("recording", source, tuple(calls), tuple(reader.notes()))


@dataclass(slots=True)
class _Reader:
    recording: Recording
    bodiless: int = 0
    rebuilt: int = 0
    _preflights: set[int] = field(default_factory=set)

    def calls(self) -> Iterator[Call]:
        """Each attempt of each request."""
        for exchange in exchanges(self.recording):
            if exchange.op not in _OPS:
                continue
            reload = exchange.op not in STREAMING_OPS and self._is_reload(exchange.t)
            for number, attempt in enumerate(exchange.attempts, start=1):
                call = self._call(exchange, attempt, number, reload=reload)
                if call is None:
                    self.bodiless += 1
                else:
                    yield call

    def notes(self) -> Iterator[str]:
        """What of the recording is not in the conversation."""
        found = exchanges(self.recording)
        if not self.recording.finished:
            yield "the recording broke off: what followed its last entry is unknown"
        if any(exchange.custom is not None for exchange in found):
            yield "the page has its own fetch: its changes are not examined here, only the wire"
        if unsent := sum(not exchange.attempts for exchange in found):
            yield f"{unsent} requests never reached the network and were ignored"
        if self.bodiless:
            yield f"{self.bodiless} requests were ignored: their response bodies are not beside the journal"
        if self.rebuilt:
            yield (
                f"the bodies of {self.rebuilt} streams are not beside the journal: they were rebuilt from "
                "their events, so their framing is unknown"
            )

    def _is_reload(self, t: float) -> bool:
        """Whether the page had been reloaded, and nothing been sent since."""
        steps = [entry.data.do for entry in self.recording.of(StepBegin) if entry.t <= t]
        last = next((do for do in reversed(steps) if do in {"open", "reload", "send"}), None)
        return last == "reload"

    def _call(self, exchange: Exchange, attempt: Attempt, number: int, *, reload: bool) -> Call | None:
        """One attempt; None where its answer had a body that is not there."""
        status, end = attempt.status, attempt.end
        start = attempt.sent.t if attempt.sent is not None else exchange.t
        answered = attempt.response.t if attempt.response is not None else 0.0
        chunks = self._chunks(exchange, attempt)
        if chunks is None:
            return None
        failure = _failure(attempt.failed.data) if attempt.failed is not None else ""
        ended: Entry[WireEnd | RequestFailed] | None = end or attempt.failed
        return Call(
            exchange.op,
            attempt.sent.data.url if attempt.sent is not None else exchange.url,
            start,
            _json(_request(exchange, attempt)),
            _request_headers(attempt),
            status,
            dict(attempt.response.data.headers) if attempt.response is not None else {},
            answered,
            chunks,
            ended.t if ended is not None else self.recording.end_ms,
            _how(attempt),
            (end.data.error if end is not None else "") or failure,
            self._preflight(attempt.preflight),
            reload=reload,
            attempt=number,
            kept_status=attempt.failed.data.status if attempt.failed is not None else None,
            refused=attempt.failed.data.cors.strip() if attempt.failed is not None else "",
            rewritten=_rewritten(exchange, attempt),
        )

    def _chunks(self, exchange: Exchange, attempt: Attempt) -> tuple[Chunk, ...] | None:
        body = attempt.body(self.recording)
        if body or not attempt.size:
            return tuple(_slices(body, attempt))
        if exchange.op not in STREAMING_OPS or not attempt.parsed:
            return None
        self.rebuilt += 1
        return tuple(Chunk(entry.t, _framed(entry.data)) for entry in attempt.parsed)

    def _preflight(self, entry: Entry[RequestPreflight] | None) -> Preflight | None:
        """The answer to the preflight, with the first request that relied on it."""
        if entry is None or entry.n in self._preflights:
            return None
        self._preflights.add(entry.n)
        answer = entry.data
        allowed = {
            "access-control-allow-origin": answer.allowed_origin,
            "access-control-allow-headers": answer.allowed_headers,
            "access-control-allow-methods": answer.allowed_methods,
        }
        headers = {name: value for name, value in allowed.items() if value}
        return Preflight(answer.status, headers, answer.asked_headers, answer.error)


def _slices(body: bytes, attempt: Attempt) -> Iterator[Chunk]:
    """The body in the pieces in which it came; masked secrets shift them by a few bytes."""
    at = 0
    for number, entry in enumerate(attempt.chunks, start=1):
        end = len(body) if number == len(attempt.chunks) else at + entry.data.size
        if piece := body[at:end]:
            yield Chunk(entry.t, piece)
        at = end
    if body[at:]:
        end_entry = attempt.end
        yield Chunk(end_entry.t if end_entry is not None else 0.0, body[at:])


def _framed(event: SseParsed) -> bytes:
    """An event as a stream would carry it; what was cut off by the end of the body stays so."""
    lines = [f"event: {event.event}"] if event.event else []
    lines += [f"data: {line}" for line in event.data.split("\n")]
    return ("\n".join(lines) + ("\n\n" if event.terminated else "")).encode()


def _how(attempt: Attempt) -> BodyEnd:
    if attempt.how is not None:
        return attempt.how
    return "cut" if attempt.failed is not None else "open"


def _failure(failed: RequestFailed) -> str:
    """Why there was no response, in words; what the browser itself refused comes first."""
    if failed.blocked:
        return f"the browser refused it ({failed.blocked}{': ' if failed.cors else ''}{failed.cors})"
    return failed.error or "it failed"


def _request_headers(attempt: Attempt) -> dict[str, str]:
    headers = dict(attempt.sent.data.headers) if attempt.sent is not None else {}
    is_refused = attempt.failed is not None and attempt.failed.data.blocked == "cors"
    page = origin_of(headers.get("referer", ""))
    if is_refused and "origin" not in headers and page is not None:
        # A browser hides the header from whoever watches; without it nothing tells whose CORS failed.
        headers["origin"] = str(page)
    return headers


def _request(exchange: Exchange, attempt: Attempt) -> object:
    """What the component asked. A fetch of the page may send less, but the answer is to that."""
    asked, sent = exchange.body_asked, attempt.sent
    return asked if sent is None or isinstance(asked, Mapping) else sent.data.body


def _rewritten(exchange: Exchange, attempt: Attempt) -> bytes:
    """What a fetch of the page's own sent instead, if it did."""
    asked, sent = exchange.body_asked, attempt.sent
    if sent is None or not isinstance(asked, Mapping) or sent.data.body == asked:
        return b""
    return _json(sent.data.body)


def _json(body: object) -> bytes:
    if isinstance(body, Mapping):
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    return body.encode(errors="replace") if isinstance(body, str) else b""
