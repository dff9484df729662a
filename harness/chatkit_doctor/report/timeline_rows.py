"""The timeline in plain words: what a reader of the report needs, not one row per chunk or delta."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from chatkit_doctor.audits.dom.visible_turns import NO_ANSWER
from chatkit_doctor.audits.wording import quoted_message
from chatkit_doctor.recording.entries import (
    AnyEntry,
    ComponentConsole,
    ComponentError,
    ComponentEvent,
    Entry,
    EntryData,
    FrameAsset,
    FrameDetached,
    FrameDocument,
    FrameRequest,
    HostedRequest,
    PageCall,
    PageCsp,
    PageDocument,
    PageElement,
    PageError,
    PageOptions,
    PageScript,
    SecretAsked,
    SecretFailed,
    SecretGiven,
    SecretRequest,
    SessionBrokeOff,
    SessionCapped,
    SessionSlowed,
    StepBegin,
    StepEnd,
)
from chatkit_doctor.recording.entries.wire import BodyEnd
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.causality import told_times
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, exchanges
from chatkit_doctor.recording.views.messages import Message, messages
from chatkit_doctor.recording.views.timeline import State, timeline
from chatkit_doctor.report.model import MomentModel
from chatkit_doctor.vocabulary import Layer

MOST_OF_A_KIND: Final = 40
"""Rows about one kind of thing; the journal has them all."""

_VIEWS: Final = {
    "absent": "the component's frame is gone",
    "blank": "the panel is empty",
    "start": "the start screen is shown",
    "thread": "the conversation is shown",
}
_EVENTS: Final = {
    "ready": "the component reports that it is ready",
    "response.start": "the component starts responding",
    "response.end": "the component finishes responding",
    "thread.load.start": "the component starts loading a conversation",
    "thread.load.end": "the conversation is loaded",
}


def moments(recording: Recording) -> list[MomentModel]:
    """The rows of the timeline in order of time; none before what brought it about."""
    sources = (_of_entries, _of_exchanges, _of_states, _of_messages)
    told = recording.derive(told_times)
    rows = chain.from_iterable(rows(recording) for rows in sources)
    return sorted(rows, key=lambda row: (told.get(row.n, row.t_ms), row.n))


def _row(entry: Entry[EntryData], text: str) -> MomentModel:
    return MomentModel(t_ms=entry.t, layer=entry.layer, text=text, n=entry.n)


def _of_entries(recording: Recording) -> Iterator[MomentModel]:
    counts: Counter[str] = Counter()
    told = [
        (entry, text)
        for entry in sorted(recording.entries, key=lambda e: (e.t, e.n))
        if (text := _words(entry.data))
    ]
    for entry, text in _errors_folded(told):
        counts[entry.kind] += 1
        if counts[entry.kind] <= MOST_OF_A_KIND:
            yield _row(entry, text)
        elif counts[entry.kind] == MOST_OF_A_KIND + 1:
            yield _row(
                entry, f"more entries of this kind ({entry.kind}) follow; the recording has all of them"
            )


def _errors_folded(
    told: Sequence[tuple[Entry[AnyEntry], str]],
) -> Iterator[tuple[Entry[AnyEntry], str]]:
    """Errors that say the same as one row, where the first of them came; everything else as it is."""
    same: dict[str, list[float]] = {}
    for entry, text in told:
        if isinstance(entry.data, _ERRORS):
            same.setdefault(text, []).append(entry.t)
    for entry, text in told:
        if not isinstance(entry.data, _ERRORS):
            yield entry, text
        elif times := same.pop(text, None):
            again = f" ({len(times)} times, the last at {times[-1]:,.0f} ms)" if len(times) > 1 else ""
            yield entry, text + again


_ERRORS: Final = (ComponentConsole, ComponentError, PageError)


def _words(data: AnyEntry) -> str:  # noqa: PLR0911 - a line for each kind reads better than a table of functions
    match data:
        case StepBegin():
            return _step(data)
        case StepEnd(limit=limit):
            return f"the time limit “{limit}” is reached" if limit else ""
        case SessionBrokeOff(reason=reason):
            return f"the run breaks off: {reason}"
        case SessionCapped(of=what):
            return f"a recording limit drops {what} from here on"
        case SessionSlowed(op=op, latency_ms=latency_ms):
            return (
                f"{op} is requested endlessly: from here on each response is delayed by {latency_ms:,.0f} ms"
            )
        case PageError(message=message):
            return f"uncaught error in the page: {message}"
        case ComponentError(message=message):
            return f"uncaught error in the component: {message}"
        case ComponentEvent():
            return _event(data)
        case ComponentConsole(level=level, noise=noise, text=text):
            return f"console error: {text}" if level == "error" and not noise else ""
        case FrameDocument() | FrameAsset() | FrameRequest() | FrameDetached():
            return _frame(data)
        case SecretAsked() | SecretRequest() | SecretGiven() | SecretFailed() | HostedRequest():
            return _hosted(data)
        case _:
            return _page(data)


def _page(data: AnyEntry) -> str:
    match data:
        case PageDocument(url=url, status=status):
            return f"the page is loaded: {url} ({status})"
        case PageScript(state=state, src=src):
            reason = f": {data.reason}" if state in {"failed", "blocked"} else ""
            return f"chatkit.js {state}{reason} ({src})"
        case PageOptions(threw=threw):
            return "the page sets the options" + (f", which are rejected: {threw}" if threw else "")
        case PageElement(state=state):
            return "" if state.startswith("shadow") else f"the element is {state}"
        case PageCall(method=method):
            return f"the page calls {method}"
        case PageCsp(blocked=blocked, directive=directive):
            return f"the Content-Security-Policy blocks {blocked} ({directive})"
        case _:
            return ""


def _step(begin: StepBegin) -> str:
    match begin.do:
        case "open":
            return "the page is opened"
        case "send":
            return f"turn {begin.turn}: the user sends {quoted_message(begin.text)}"
        case "reload":
            return "the page is reloaded"
        case "call":
            return f"the page calls {begin.method}"
        case do:
            return f"step {do}"


def _event(event: ComponentEvent) -> str:
    if event.name == "thread.change":
        thread = event.details.get("threadId")
        return f"the component changes to thread {thread}" if thread else "the component changes to no thread"
    if event.name == "error":
        error = event.details.get("error")
        said = error.get("message") if isinstance(error, dict) else error
        return f"the component reports an error: {said or event.details}"
    return _EVENTS.get(event.name, "")


def _frame(data: FrameDocument | FrameAsset | FrameRequest | FrameDetached) -> str:
    if isinstance(data, FrameDetached):
        return "the component's frame is removed"
    went = data.error or f"status {data.status}"
    failed = bool(data.error) or data.has_error_status
    match data:
        case FrameDocument():
            return f"the component's frame is loaded ({went})" if not failed else f"the frame failed: {went}"
        case FrameAsset(url=url):
            return f"an asset of the frame failed: {url} ({went})" if failed else ""
        case FrameRequest(url=url, noise=noise):
            return "" if noise else f"the frame's own request to {url}: {went}"


def _hosted(data: SecretAsked | SecretRequest | SecretGiven | SecretFailed | HostedRequest) -> str:
    match data:
        case SecretAsked(renews=renews):
            return f"the component asks the page for a {'new ' if renews else ''}client secret"
        case SecretRequest(method=method, url=url):
            went = data.error or f"status {data.status}"
            return f"the page requests it: {method} {url}: {went}"
        case SecretGiven(what=what):
            given = "a text" if what == "text" else what
            return f"the page returns {given}{', the same as before' if data.unchanged else ''}"
        case SecretFailed(error=error):
            return f"the page's getClientSecret throws: {error}"
        case HostedRequest(op=op, state=state):
            went = data.error or f"status {data.status}"
            return f"{op or 'a request'} goes to OpenAI" + ("" if state == "sent" else f": {went}")


def _of_exchanges(recording: Recording) -> Iterator[MomentModel]:
    for exchange in exchanges(recording):
        for attempt in exchange.attempts:
            yield from _of_attempt(exchange, attempt)
        for call in exchange.calls:
            if call.threw is not None and call.custom:
                yield _row(call.threw, f"the page's fetch throws: {call.threw.data.error}")
        if exchange.received:
            first, last = exchange.received[0], exchange.received[-1]
            name = first.payload.value.get("type", "") if first.payload.value else ""
            text = f"the first event reaches the component: {name or quoted_message(first.data)}"
            yield MomentModel(t_ms=first.t, layer=Layer.SSE, text=text, n=first.n)
            count = len(exchange.received)
            if count > 1:
                text = f"the last of {count} events reaches the component"
                yield MomentModel(t_ms=last.t, layer=Layer.SSE, text=text, n=last.n)


def _of_attempt(exchange: Exchange, attempt: Attempt) -> Iterator[MomentModel]:
    begin = attempt.sent.t if attempt.sent is not None else exchange.t
    if attempt.sent is not None:
        again = "again " if exchange.attempts.index(attempt) else ""
        yield _row(attempt.sent, f"{exchange.op or 'a request'} is sent {again}to {attempt.sent.data.url}")
    if attempt.failed is not None:
        why = attempt.failed.data.blocked or attempt.failed.data.error
        yield _row(attempt.failed, f"{exchange.op or 'the request'} failed: {why}")
    if attempt.response is not None:
        kind = attempt.mime or "no content type"
        took = f"after {max(0.0, attempt.response.t - begin):.0f} ms"
        yield _row(attempt.response, f"{exchange.op}: the backend answers {attempt.status}, {kind}, {took}")
    if attempt.end is not None:
        chunks = sum(chunk.data.size > 0 for chunk in attempt.chunks)
        size = f"{attempt.size:,} bytes in {chunks} chunk{'' if chunks == 1 else 's'}"
        took = f"{max(0.0, attempt.end.t - begin):.0f} ms after the request"
        how = _ENDS[attempt.end.data.how]
        yield _row(attempt.end, f"{exchange.op}: the body {how}: {size}, {took}")


_ENDS: Final[Mapping[BodyEnd, str]] = {
    "finished": "ends",
    "cut": "is cut off",
    "aborted": "is aborted",
    "open": "is still open",
}


def _of_states(recording: Recording) -> Iterator[MomentModel]:
    """Changes of the view and banners, as they were painted."""
    before: State | None = None
    for state in recording.derive(timeline).painted:
        # Every document begins empty: that is news only where something was shown before.
        starts = before is None or before.document != state.document
        if _view(state) != (_view(before) if before else "") and not (starts and state.empty):
            yield _seen(state, _VIEWS.get(_view(state), f"the panel shows: {_view(state)}"))
        known = set(before.alerts) if before and not starts else set()
        for alert in state.alerts:
            if alert not in known:
                name = "in place of a turn:" if alert.kind == "crash" else f"a banner ({alert.kind}) says"
                yield _seen(state, f"{name} {quoted_message(alert.text)}")
        before = state


def _view(state: State) -> str:
    return "blank" if state.empty and state.view == "thread" else state.view


def _seen(state: State, text: str) -> MomentModel:
    return MomentModel(t_ms=state.t, layer=Layer.DOM, text=text, n=state.n)


def _of_messages(recording: Recording) -> Iterator[MomentModel]:
    for message in told_messages(recording):
        for t_ms, n, text in _life(message):
            yield MomentModel(t_ms=t_ms, layer=Layer.DOM, text=text, n=n)


def told_messages(recording: Recording) -> tuple[Message, ...]:
    """The messages worth telling of: of those that nobody saw, only what a user would have missed."""
    return tuple(m for m in recording.derive(messages) if m.painted or m.kind not in NO_ANSWER)


def _life(message: Message) -> Iterator[tuple[float, int, str]]:
    """What happened to a message: time (ms), journal entry, words."""
    own = message.kind == f"{message.role}-message"
    who = f"the {message.role}'s {'message' if own else message.kind}"
    said = quoted_message(message.said)
    if not message.painted:
        how = f"is in the DOM and never painted: {said}" if message.said else "is empty"
        yield message.appeared_ms, message.appeared_n, f"{who} {how}"
        return
    first = next((w for w in message.wordings if w.text.strip()), message.wordings[0])
    yield first.t, first.n, f"{who} appears: {quoted_message(first.text)}"
    last = message.wordings[-1]
    if last is not first:
        now = f"is now {quoted_message(last.text)}" if last.text.strip() else "is erased"
        yield last.t, last.n, f"{who} {now}"
    if message.vanished_ms is not None:
        how = "disappears with its page" if message.unloaded else "vanishes"
        text = f"{who} {how}, visible for {message.visible_ms:.0f} ms: {said}"
        yield message.vanished_ms, message.vanished_n, text
