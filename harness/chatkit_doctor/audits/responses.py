"""How the backend answered a streaming operation, and whether it was asked what the component asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chatkit_doctor.audits.audit import Evidence, NotApplicable, absent, seen
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.conversation.transport_faults import TransportFault, of_text
from chatkit_doctor.origins import same_address
from chatkit_doctor.protocol.payload import PayloadKind, json_or_text, read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.recording.entries import (
    Entry,
    FetchCall,
    FetchReturned,
    RequestAsked,
    RequestFailed,
    WireResponse,
)
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, exchanges, header, streams

_EXCERPT = 300
_MOST_EXCERPTS = 3
"""Bodies of earlier attempts that are quoted."""
HIDDEN: Final = (
    " This response has no CORS headers, as when it is created outside the middleware that adds them: the "
    "browser hides it from the page and reports a CORS error, and ChatKit shows an error. The cause is the "
    "status."
)
"""Said of an error that the page could not see."""


@dataclass(frozen=True, slots=True, eq=False)
class StreamResponse:
    """The answer to one streaming operation: from the wire, or from a page's fetch that made one up.

    ``hidden``: an error that the browser kept from the page, because it carries no CORS headers. The
    preflight before it was allowed, so that it is not CORS which is missing on this backend.
    """

    exchange: Exchange
    status: int
    mime: str
    entry: Entry[WireResponse | FetchReturned | RequestFailed]
    from_wire: bool
    hidden: bool = False

    def header(self, name: str) -> str:
        """A header of it by its lower-case name; empty where it has none or was made up by the page."""
        last = self.exchange.last
        return header(last.response, name) if self.from_wire and last is not None else ""

    @property
    def accepted(self) -> bool:
        """Whether it is a success."""
        return 200 <= self.status < 300

    @property
    def is_stream(self) -> bool:
        """Whether it is labelled as an event stream."""
        return self.mime == EVENT_STREAM

    @property
    def is_page(self) -> bool:
        """Whether it is an HTML page."""
        return self.mime.lower() in {"text/html", "application/xhtml+xml"}

    @property
    def times(self) -> int:
        """How many times the request was sent."""
        return max(1, len(self.exchange.attempts))

    def seen(self) -> Evidence:
        """The answer as evidence."""
        kind = f", {self.mime}" if self.mime else ", without a content type"
        return seen(self.entry, f"{self.exchange.op} was answered with status {self.status}{kind}")


def answers(recording: Recording) -> tuple[StreamResponse, ...]:
    """The final answer to every streaming operation that was answered at all. Raises NotApplicable."""
    found = tuple(answer for e in streams(recording) if (answer := answer_of(e)) is not None)
    if not found:
        raise NotApplicable("no streaming operation got a response")
    return found


def answer_of(exchange: Exchange) -> StreamResponse | None:
    """The final answer to one exchange; None without any."""
    last = exchange.last
    if last is not None and last.response is not None and last.status is not None:
        return StreamResponse(exchange, last.status, last.mime, last.response, from_wire=True)
    if last is not None and last.failed is not None and (status := hidden_error(last)):
        return StreamResponse(exchange, status, "", last.failed, from_wire=True, hidden=True)
    custom = exchange.custom
    made_up = last is None and custom is not None
    if made_up and custom is not None and custom.returned is not None and custom.status is not None:
        return StreamResponse(exchange, custom.status, custom.mime, custom.returned, from_wire=False)
    return None


def hidden_error(attempt: Attempt) -> int:
    """The status of an error that came and that CORS kept from the page; 0 without one."""
    status = attempt.failed.data.status or 0 if attempt.failed is not None else 0
    return status if status >= 400 else 0


def is_undecodable(attempt: Attempt) -> bool:
    """Whether a body was abandoned because it could not be decoded."""
    end = attempt.end
    return end is not None and of_text(end.data.error or "") is TransportFault.BODY_UNDECODABLE


def excerpt(recording: Recording, exchange: Exchange) -> str:
    """The beginning of the body that came over the wire, on one line: the latest there is."""
    return next(iter(excerpts(recording, exchange)), "")


def excerpts(recording: Recording, exchange: Exchange) -> tuple[str, ...]:
    """The beginnings of the bodies that attempts brought, each once, the latest first.

    The first of several attempts may have met the very fault that the others only run into.
    """
    bodies = (attempt.body(recording) for attempt in reversed(exchange.attempts))
    texts = (" ".join(body[:_EXCERPT].decode(errors="replace").split()) for body in bodies)
    return tuple(dict.fromkeys(text for text in texts if text))


def what_it_says(recording: Recording, exchange: Exchange) -> str:
    """The bodies of an answer that is none, as sentences behind others; empty where none had any."""
    latest, *earlier = excerpts(recording, exchange) or ("",)
    if not latest:
        return ""
    before = ", and ".join(quoted(text) for text in earlier[:_MOST_EXCERPTS])
    return f" It says: {quoted(latest)}." + (f" Earlier attempts said {before}." if before else "")


def rewriting(exchange: Exchange) -> list[str]:
    """What the page's own fetch changed in the request, of ``body``, ``method`` and ``URL``.

    Only where the component's own request is known. Headers may be added freely.
    """
    asked: Entry[RequestAsked | FetchCall] | None = exchange.asked
    asked = asked or next((call.call for call in exchange.calls if call.custom), None)
    sent = exchange.last.sent if exchange.last is not None else None
    if asked is None or sent is None:
        return []
    changed = []
    if json_or_text(asked.data.body) != json_or_text(sent.data.body):
        changed.append("body")
    if sent.data.method.upper() != _method(asked.data):
        changed.append("method")
    if not same_address(asked.data.url, sent.data.url):
        changed.append("URL")
    return changed


def asked_otherwise(recording: Recording, answer: StreamResponse) -> bool:
    """Whether the page changed the request, and the backend answered it like one it does not stream for."""
    if not rewriting(answer.exchange) or not answer.accepted or answer.is_stream or answer.is_page:
        return False
    last = answer.exchange.last
    events, _ = parse(last.body(recording)) if last is not None else ([], [])
    return not any(read_payload(event.data).kind is PayloadKind.OBJECT for event in events)


def served_elsewhere(recording: Recording, exchange: Exchange) -> bool:
    """Whether the same URL answered another streaming operation with events: then the URL is right."""
    return any(
        (answer := answer_of(other)) is not None and answer.accepted and answer.is_stream
        for other in streams(recording)
        if other.op != exchange.op and other.url == exchange.url
    )


def api_urls(recording: Recording) -> frozenset[str]:
    """Every URL the component sent an operation to."""
    return frozenset(exchange.url for exchange in exchanges(recording) if exchange.op)


def unanswered(exchange: Exchange) -> Evidence:
    """Evidence that a request was never answered."""
    return absent(exchange.t, f"{exchange.op} never got a response")


def _method(asked: RequestAsked | FetchCall) -> str:
    # The component itself only ever posts.
    return asked.method.upper() if isinstance(asked, FetchCall) else "POST"
