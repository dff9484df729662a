"""Which fetch call and which network request belong to which request of the component.

First by exact URL and body, then by nesting (a request made while the page's own fetch was running), then by
operation: a page's fetch may rewrite the URL and the body, or answer without any network at all.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from chatkit_doctor.component.retry import is_retried
from chatkit_doctor.recording.reader import Entry, Recording
from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS

SLACK_MS: Final = 50.0
"""How far the clocks of page and browser process may disagree about what came first."""

_OPS: Final = STREAMING_OPS | JSON_OPS


@dataclass(slots=True)
class RawAttempt:
    """The entries of one network request."""

    id: str
    sent: Entry | None = None
    response: Entry | None = None
    failed: Entry | None = None
    chunks: list[Entry] = field(default_factory=list)
    end: Entry | None = None

    @property
    def first(self) -> Entry:
        """The earliest entry of the request."""
        entries = (self.sent, self.failed, self.response, *self.chunks[:1], self.end)
        return next(entry for entry in entries if entry is not None)

    @property
    def retriable(self) -> bool:
        """Whether the component sends the same again after this."""
        if self.response is None:
            return False
        headers = self.response.object("headers")
        return is_retried(int(self.response.number("status")), str(headers.get("content-type", "")))


@dataclass(slots=True)
class RawCall:
    """The entries of one fetch call in the page."""

    id: str
    call: Entry
    returned: Entry | None = None
    threw: Entry | None = None
    chunks: list[Entry] = field(default_factory=list)
    end: Entry | None = None

    @property
    def custom(self) -> bool:
        """Whether this is the page's own ``api.fetch``."""
        return bool(self.call.data.get("custom"))

    def contains(self, t: float) -> bool:
        """Whether the call was running at a time."""
        over = self.returned or self.threw
        return self.call.t - SLACK_MS <= t and (over is None or t <= over.t + SLACK_MS)


@dataclass(slots=True)
class PartialExchange:
    """What has been found to belong together so far."""

    t: float
    op: str
    url: str
    asked: Entry | None = None
    calls: list[RawCall] = field(default_factory=list)
    attempts: list[RawAttempt] = field(default_factory=list)
    posted: tuple[Entry, ...] = ()

    def is_for(self, key: str) -> bool:
        """Whether URL and body are exactly those of the request or of a call made for it."""
        entries = [self.asked, *(call.call for call in self.calls), *(a.sent for a in self.attempts)]
        return any(entry is not None and _key(entry) == key for entry in entries)


def partial_exchanges(recording: Recording) -> list[PartialExchange]:
    """All exchanges of a recording, in order of time."""
    found = [PartialExchange(e.t, e.text("op"), e.text("url"), e) for e in recording.of("request.asked")]
    observed = bool(found)
    for call in _calls(recording):
        _place_call(found, call, observed=observed)
    for attempt in _attempts(recording):
        _place_attempt(found, attempt, observed=observed, recording=recording)
    _place_posted(found, recording)
    return sorted(found, key=lambda partial: partial.t)


def _place_call(found: list[PartialExchange], call: RawCall, *, observed: bool) -> None:
    entry = call.call
    partial = _exact(found, entry) or _running(found, call) or _same_op(found, entry)
    if partial is not None and (observed or _belongs(partial, call)):
        partial.calls.append(call)
    elif entry.text("op") in _OPS:
        found.append(PartialExchange(entry.t, entry.text("op"), entry.text("url"), None, [call]))


def _belongs(partial: PartialExchange, call: RawCall) -> bool:
    """Without the component's own word: a call inside a custom one belongs to it, a repeated one does not."""
    return not call.custom and any(c.custom and c.contains(call.call.t) for c in partial.calls)


def _place_attempt(
    found: list[PartialExchange], attempt: RawAttempt, *, observed: bool, recording: Recording
) -> None:
    entry = attempt.first
    exact = _exact(found, entry)
    if exact is not None and not observed and exact.attempts and not _repeats(exact, entry, recording):
        exact = None
    partial = exact or _nested(found, entry) or (_same_op(found, entry) if observed else None)
    if partial is not None:
        partial.attempts.append(attempt)
    elif entry.text("op") in _OPS:
        found.append(PartialExchange(entry.t, entry.text("op"), entry.text("url"), None, [], [attempt]))


def _repeats(partial: PartialExchange, entry: Entry, recording: Recording) -> bool:
    """Whether the component itself sent this again, rather than the person."""
    begins = [e.t for e in recording.of("step.begin") if e.text("do") in {"send", "reload"}]
    last = partial.attempts[-1]
    return last.retriable and not any(last.first.t < t <= entry.t for t in begins)


def _place_posted(found: list[PartialExchange], recording: Recording) -> None:
    by_nonce: dict[str, list[Entry]] = {}
    for entry in recording.of("sse.posted"):
        by_nonce.setdefault(entry.text("nonce"), []).append(entry)
    for nonce, entries in by_nonce.items():
        partial = next((d for d in found if d.asked is not None and d.asked.text("nonce") == nonce), None)
        if partial is None:
            earlier = [d for d in found if d.op in STREAMING_OPS and d.t <= entries[0].t + SLACK_MS]
            partial = max((d for d in earlier if not d.posted), key=lambda d: d.t, default=None)
        if partial is not None:
            partial.posted = tuple(entries)


def _exact(found: Iterable[PartialExchange], entry: Entry) -> PartialExchange | None:
    key = _key(entry)
    if not entry.text("op") and entry.data.get("body") is None:
        return None
    return _latest(partial for partial in found if _begun(partial, entry) and partial.is_for(key))


def _running(found: Iterable[PartialExchange], call: RawCall) -> PartialExchange | None:
    """The exchange whose custom fetch was running and had called nothing yet when this call was made."""
    if call.custom:
        return None
    return _latest(
        partial
        for partial in found
        if any(c.custom and c.contains(call.call.t) for c in partial.calls)
        and not any(not c.custom for c in partial.calls)
    )


def _nested(found: Iterable[PartialExchange], entry: Entry) -> PartialExchange | None:
    """The exchange that was calling fetch when the request left, and has none yet."""
    return _latest(
        partial
        for partial in found
        if not partial.attempts and any(call.contains(entry.t) for call in partial.calls)
    )


def _same_op(found: Iterable[PartialExchange], entry: Entry) -> PartialExchange | None:
    op = entry.text("op")
    return _latest(partial for partial in found if op and partial.op == op and _begun(partial, entry))


def _begun(partial: PartialExchange, entry: Entry) -> bool:
    return partial.t <= entry.t + SLACK_MS


def _latest(candidates: Iterable[PartialExchange]) -> PartialExchange | None:
    return max(candidates, key=lambda partial: partial.t, default=None)


def _key(entry: Entry) -> str:
    body = entry.data.get("body")
    if isinstance(body, str):
        with contextlib.suppress(ValueError, RecursionError):
            body = json.loads(body)
    return f"{_path(entry.text('url'))} {json.dumps(body, sort_keys=True, default=str)}"


def _path(url: str) -> str:
    """The URL without its origin: the component may ask for a relative one."""
    _, separator, rest = url.partition("://")
    return "/" + rest.partition("/")[2] if separator else url


def _calls(recording: Recording) -> list[RawCall]:
    calls: dict[str, RawCall] = {}
    for entry in recording.of("fetch.call", "fetch.returned", "fetch.threw", "fetch.chunk", "fetch.end"):
        name = f"{entry.data.get('call')}"
        if entry.kind == "fetch.call":
            calls[name] = RawCall(name, entry)
        elif (call := calls.get(name)) is None:
            continue
        elif entry.kind == "fetch.chunk":
            call.chunks.append(entry)
        elif entry.kind == "fetch.returned":
            call.returned = entry
        elif entry.kind == "fetch.threw":
            call.threw = entry
        else:
            call.end = entry
    return sorted(calls.values(), key=lambda call: call.call.t)


def _attempts(recording: Recording) -> list[RawAttempt]:
    attempts: dict[str, RawAttempt] = {}
    for entry in recording.of("request.sent", "request.failed", "wire.response", "wire.chunk", "wire.end"):
        name = f"{entry.data.get('id')}"
        attempt = attempts.setdefault(name, RawAttempt(name))
        match entry.kind:
            case "request.sent":
                # A redirect repeats the id: what was asked for is the first, what came of it the last.
                attempt.sent = attempt.sent or entry
            case "request.failed":
                attempt.failed = entry
            case "wire.response":
                attempt.response = entry
            case "wire.chunk":
                attempt.chunks.append(entry)
            case _:
                attempt.end = entry
    return sorted(attempts.values(), key=lambda attempt: attempt.first.t)
