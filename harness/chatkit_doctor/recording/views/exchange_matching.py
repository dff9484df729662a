"""Which fetch call and which network request belong to which request of the component.

First by exact URL and body, then by nesting (a request made while the page's own fetch was running), then by
operation: a page's fetch may rewrite the URL and the body, or answer without any network at all.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from chatkit_doctor.component.retry import is_retried
from chatkit_doctor.origins import without_origin
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
    RequestSent,
    SsePosted,
    StepBegin,
    WireChunk,
    WireEnd,
    WireResponse,
)
from chatkit_doctor.recording.entries.fetch import FetchEntry
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS

SLACK_MS: Final = 50.0
"""How far the clocks of page and browser process may disagree about what came first."""

F = TypeVar("F", bound=FetchEntry)

_OPS: Final = STREAMING_OPS | JSON_OPS


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for: its URL, its operation, and its body as far as they are known."""

    url: str
    op: str
    body: object = None

    @property
    def key(self) -> str:
        """URL and body in a form that can be compared: the component may ask for a relative one."""
        body = self.body
        if isinstance(body, str):
            with contextlib.suppress(ValueError, RecursionError):
                body = json.loads(body)
        return f"{without_origin(self.url)} {json.dumps(body, sort_keys=True, default=str)}"


@dataclass(slots=True)
class RawAttempt:
    """The entries of one network request."""

    id: str
    sent: Entry[RequestSent] | None = None
    response: Entry[WireResponse] | None = None
    failed: Entry[RequestFailed] | None = None
    chunks: list[Entry[WireChunk]] = field(default_factory=list)
    end: Entry[WireEnd] | None = None

    @property
    def first(self) -> Entry[RequestSent | RequestFailed | WireResponse | WireChunk | WireEnd]:
        """The earliest entry of the request."""
        entries = (self.sent, self.failed, self.response, *self.chunks[:1], self.end)
        return next(entry for entry in entries if entry is not None)

    @property
    def asked(self) -> Asked:
        """What was requested, as far as it was recorded."""
        match self.first.data:
            case RequestSent(url=url, op=op, body=body):
                return Asked(url, op, body)
            case RequestFailed(url=url, op=op) | WireResponse(url=url, op=op):
                return Asked(url, op)
            case WireEnd(op=op):
                return Asked("", op)
            case _:
                return Asked("", "")

    @property
    def retriable(self) -> bool:
        """Whether the component sends the same again after this."""
        if self.response is None:
            return False
        answer = self.response.data
        return is_retried(answer.status, answer.headers.get("content-type", ""))


@dataclass(slots=True)
class RawCall:
    """The entries of one fetch call in the page."""

    id: str
    call: Entry[FetchCall]
    returned: Entry[FetchReturned] | None = None
    threw: Entry[FetchThrew] | None = None
    unwatched: Entry[FetchUnwatched] | None = None
    chunks: list[Entry[FetchChunk]] = field(default_factory=list)
    end: Entry[FetchEnd] | None = None

    @property
    def asked(self) -> Asked:
        """What the fetch was requested."""
        return Asked(self.call.data.url, self.call.data.op, self.call.data.body)

    @property
    def custom(self) -> bool:
        """Whether this is the page's own ``api.fetch``."""
        return self.call.data.custom

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
    asked: Entry[RequestAsked] | None = None
    calls: list[RawCall] = field(default_factory=list)
    attempts: list[RawAttempt] = field(default_factory=list)
    posted: tuple[Entry[SsePosted], ...] = ()
    keys: set[str] = field(default_factory=set)
    """URL and body of the request, and of every call made for it."""

    def __post_init__(self) -> None:
        if self.asked is not None:
            data = self.asked.data
            self.keys.add(Asked(data.url, data.op, data.body).key)
        self.keys.update(call.asked.key for call in self.calls)
        self.keys.update(attempt.asked.key for attempt in self.attempts if attempt.sent is not None)

    def add_call(self, call: RawCall) -> None:
        """A call made for it."""
        self.calls.append(call)
        self.keys.add(call.asked.key)

    def add_attempt(self, attempt: RawAttempt) -> None:
        """A request made for it."""
        self.attempts.append(attempt)
        if attempt.sent is not None:
            self.keys.add(attempt.asked.key)

    def is_for(self, key: str) -> bool:
        """Whether URL and body are exactly those of the request or of a call made for it."""
        return key in self.keys


def partial_exchanges(recording: Recording) -> list[PartialExchange]:
    """All exchanges of a recording, in order of time."""
    found = [PartialExchange(e.t, e.data.op, e.data.url, e) for e in recording.of(RequestAsked)]
    observed = bool(found)
    for call in _calls(recording):
        _place_call(found, call, observed=observed)
    for attempt in _attempts(recording):
        _place_attempt(found, attempt, observed=observed, recording=recording)
    _place_posted(found, recording)
    return sorted(found, key=lambda partial: partial.t)


def _place_call(found: list[PartialExchange], call: RawCall, *, observed: bool) -> None:
    asked, t = call.asked, call.call.t
    exact, running = _exact(found, asked, t), _running(found, call)
    partial = _unless_over(exact, t, running) or running or _same_op(found, asked, t)
    if partial is not None and (observed or _belongs(partial, call)):
        partial.add_call(call)
    elif asked.op in _OPS:
        found.append(PartialExchange(t, asked.op, asked.url, None, [call]))


def _belongs(partial: PartialExchange, call: RawCall) -> bool:
    """Without the component's own word: a call inside a custom one belongs to it, a repeated one does not."""
    return not call.custom and any(c.custom and c.contains(call.call.t) for c in partial.calls)


def _place_attempt(
    found: list[PartialExchange], attempt: RawAttempt, *, observed: bool, recording: Recording
) -> None:
    asked, t = attempt.asked, attempt.first.t
    exact = _exact(found, asked, t)
    if exact is not None and not observed and exact.attempts and not _repeats(exact, t, recording):
        exact = None
    nested = _nested(found, t)
    partial = _unless_over(exact, t, nested) or nested or (_same_op(found, asked, t) if observed else None)
    if partial is not None:
        partial.add_attempt(attempt)
    elif asked.op in _OPS:
        found.append(PartialExchange(t, asked.op, asked.url, None, [], [attempt]))


def _unless_over(
    exact: PartialExchange | None, t: float, running: PartialExchange | None
) -> PartialExchange | None:
    """The exchange with the same URL and body, unless its calls were over when a later one's was running.

    A page that sends its own words sends the same ones twice where a user does.
    """
    own = [call for call in exact.calls if call.custom] if exact is not None else []
    if exact is None or running is None or running.t <= exact.t or not own:
        return exact
    return exact if any(call.contains(t) for call in own) else None


def _repeats(partial: PartialExchange, t: float, recording: Recording) -> bool:
    """Whether the component itself sent this again, rather than the user."""
    begins = [e.t for e in recording.of(StepBegin) if e.data.do in {"send", "reload"}]
    last = partial.attempts[-1]
    return last.retriable and not any(last.first.t < begin <= t for begin in begins)


def _place_posted(found: list[PartialExchange], recording: Recording) -> None:
    by_nonce: dict[str, list[Entry[SsePosted]]] = {}
    for entry in recording.of(SsePosted):
        by_nonce.setdefault(entry.data.nonce, []).append(entry)
    for nonce, entries in by_nonce.items():
        partial = next((d for d in found if d.asked is not None and d.asked.data.nonce == nonce), None)
        if partial is None:
            earlier = [d for d in found if d.op in STREAMING_OPS and d.t <= entries[0].t + SLACK_MS]
            partial = max((d for d in earlier if not d.posted), key=lambda d: d.t, default=None)
        if partial is not None:
            partial.posted = tuple(entries)


def _exact(found: Iterable[PartialExchange], asked: Asked, t: float) -> PartialExchange | None:
    if not asked.op and asked.body is None:
        return None
    key = asked.key
    return _latest(partial for partial in found if _begun(partial, t) and partial.is_for(key))


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


def _nested(found: Iterable[PartialExchange], t: float) -> PartialExchange | None:
    """The exchange that was calling fetch when the request left, and has none yet."""
    return _latest(
        partial
        for partial in found
        if not partial.attempts and any(call.contains(t) for call in partial.calls)
    )


def _same_op(found: Iterable[PartialExchange], asked: Asked, t: float) -> PartialExchange | None:
    op = asked.op
    return _latest(partial for partial in found if op and partial.op == op and _begun(partial, t))


def _begun(partial: PartialExchange, t: float) -> bool:
    return partial.t <= t + SLACK_MS


def _latest(candidates: Iterable[PartialExchange]) -> PartialExchange | None:
    return max(candidates, key=lambda partial: partial.t, default=None)


def _calls(recording: Recording) -> list[RawCall]:
    calls = {entry.data.call: RawCall(entry.data.call, entry) for entry in recording.of(FetchCall)}
    for call, returned in _of_calls(calls, recording.of(FetchReturned)):
        call.returned = returned
    for call, threw in _of_calls(calls, recording.of(FetchThrew)):
        call.threw = threw
    for call, unwatched in _of_calls(calls, recording.of(FetchUnwatched)):
        call.unwatched = unwatched
    for call, chunk in _of_calls(calls, recording.of(FetchChunk)):
        call.chunks.append(chunk)
    for call, end in _of_calls(calls, recording.of(FetchEnd)):
        call.end = end
    return sorted(calls.values(), key=lambda call: call.call.t)


def _of_calls(
    calls: Mapping[str, RawCall], entries: Iterable[Entry[F]]
) -> Iterator[tuple[RawCall, Entry[F]]]:
    return ((calls[entry.data.call], entry) for entry in entries if entry.data.call in calls)


def _attempts(recording: Recording) -> list[RawAttempt]:
    attempts: dict[str, RawAttempt] = {}

    def of(id_: str) -> RawAttempt:
        return attempts.setdefault(id_, RawAttempt(id_))

    for sent in recording.of(RequestSent):
        # A redirect repeats the id: what was requested is the first, what came of it the last.
        of(sent.data.id).sent = of(sent.data.id).sent or sent
    for failed in recording.of(RequestFailed):
        of(failed.data.id).failed = failed
    for response in recording.of(WireResponse):
        of(response.data.id).response = response
    for chunk in recording.of(WireChunk):
        of(chunk.data.id).chunks.append(chunk)
    for end in recording.of(WireEnd):
        of(end.data.id).end = end
    return sorted(attempts.values(), key=lambda attempt: attempt.first.t)
