"""One request after another as a browser would make it for the component, and everything that results from
it."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final
from urllib.parse import urlsplit

import httpx

from chatkit_doctor.client.failures import UNSAFE_PORTS, described
from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.content_coding import (
    OFFERED,
    OFFERED_IN_THE_OPEN,
    BodyDecoder,
    UndecodableError,
)
from chatkit_doctor.conversation.conversation import Call, Chunk, Preflight
from chatkit_doctor.conversation.cors import refusal
from chatkit_doctor.conversation.tls_handshake import Handshakes
from chatkit_doctor.conversation.transport_faults import TransportFault, told
from chatkit_doctor.errors import UsageError
from chatkit_doctor.origins import is_loopback, origin_of
from chatkit_doctor.protocol.events import item_of, member, type_of
from chatkit_doctor.protocol.payload import JsonObject, read_payload
from chatkit_doctor.protocol.sse import SseParser
from chatkit_doctor.recording.entries.wire import BodyEnd
from chatkit_doctor.vocabulary import STREAMING_OPS

CONNECT_LIMIT_S: Final = 5.0
UNREAD_LIMIT_S: Final = 1.4
"""How long an answer is examined that the component stops at its headers: shorter than its first wait."""
_FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError)
"""What a request may end with. TLS lets some of its own errors through once a connection stands."""
_SAFELISTED: Final = frozenset({"accept", "accept-language", "content-language"})
"""Headers that a page may add without asking the backend. A content type of JSON is not among them."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a conversation may take: seconds for one request, events of one stream, bytes of all bodies."""

    turn_s: float
    events: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Page:
    """The page that would hold the component: its origin, and the headers that it adds to each request."""

    origin: str
    headers: Mapping[str, str]

    def is_foreign_to(self, url: str) -> bool:
        """Whether a browser asks first (``OPTIONS``): a JSON body at another origin."""
        return origin_of(url) != origin_of(self.origin)


@dataclass(slots=True)
class Seen:
    """What of a stream decides on the next request. Until the thread is ``created``, nothing else counts."""

    created: bool
    thread_id: object = None
    events: int = 0
    calls_tool: bool = False

    def take(self, event: JsonObject) -> None:
        """The next readable event."""
        if type_of(event) == "thread.created":
            if not self.created and (found := member(event, "thread").get("id")) is not None:
                self.created, self.thread_id = True, found
        elif self.created and (item := item_of(event)) is not None:
            self.calls_tool |= type_of(item) == "client_tool_call" and item.get("status") == "pending"


@dataclass(frozen=True, slots=True)
class Answer:
    """A call, and what was seen in its stream."""

    call: Call
    seen: Seen


@dataclass(slots=True)
class Ledger:
    """What all requests of a conversation share: the clock, the limits, and what they made of them."""

    bounds: Bounds
    bytes_left: int
    notes: list[str] = field(default_factory=list)
    """Which limit cut something short, in words."""
    handshakes: Handshakes = field(default_factory=Handshakes)
    """Whether a handshake was taken up where http was not answered."""
    _begun: float = field(default_factory=time.perf_counter)

    def now(self) -> float:
        """Milliseconds since the conversation began."""
        return (time.perf_counter() - self._begun) * 1000

    def note(self, text: str) -> None:
        """Remember a note, once."""
        if text not in self.notes:
            self.notes.append(text)

    def take(self, data: bytes) -> bytes:
        """As much of some bytes as may still be kept."""
        kept = data[: self.bytes_left]
        self.bytes_left -= len(kept)
        return kept


class Client:
    """Sends operations to one URL from a page at one origin; :func:`opened` makes one.

    Nothing here raises for what a backend does, except TargetError for a certificate that no browser accepts.
    """

    def __init__(self, url: str, page: Page, ledger: Ledger, http: httpx.AsyncClient) -> None:
        self.ledger = ledger
        self._url = url
        self._page = page
        self._http = http
        self._own = {name.lower(): value for name, value in page.headers.items()}
        self._instance = str(uuid.uuid4())
        self._preflight: Preflight | None = None

    @property
    def is_spent(self) -> bool:
        """Whether no byte more may be read."""
        return self.ledger.bytes_left <= 0

    async def call(
        self,
        op: str,
        params: Mapping[str, object] | None,
        *,
        reload: bool = False,
        probe: str = "",
        stop_after: int | None = None,
        limit_s: float | None = None,
    ) -> Answer:
        """Send one operation and read its answer.

        Without ``params`` the body is an empty object. After ``stop_after`` events the client hangs up.
        """
        document = {"type": op, "params": params} if params is not None else {}
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        now = self.ledger.now()
        call = Call(op, self._url, now, body, self._headers(op), reload=reload, probe=probe)
        seen = Seen(created=op != "threads.create")
        if urlsplit(self._url).port in UNSAFE_PORTS:
            error = told(TransportFault.UNSAFE_PORT)
            return Answer(replace(call, ended_ms=self.ledger.now(), how="cut", error=error), seen)
        call = await self._asked_first(call)
        asked = call.preflight
        if asked is not None and (asked.status is None or refusal(call)):
            # A browser does not send what its preflight did not allow.
            how: BodyEnd = "open" if asked.status is None and not asked.error else "cut"
            return Answer(replace(call, ended_ms=self.ledger.now(), how=how, error=asked.error), seen)
        reading = _Reading(self._http, self.ledger, call, seen, stop_after)
        return Answer(await reading.within(limit_s or self.ledger.bounds.turn_s), seen)

    def _headers(self, op: str) -> dict[str, str]:
        return {
            "accept": EVENT_STREAM if op in STREAMING_OPS else "*/*",
            "accept-language": "en",
            "chatkit-frame-instance-id": self._instance,
            "content-type": "application/json",
            "origin": self._page.origin,
            "referer": f"{self._page.origin}/",
            **self._own,
        }

    async def _asked_first(self, call: Call) -> Call:
        """The call with its preflight, where a browser makes one.

        A browser remembers a preflight that allowed everything, so that one belongs to its first call only.
        """
        if not self._page.is_foreign_to(self._url):
            return call
        known = self._preflight
        if known is None:
            known = self._preflight = await self._options()
            return replace(call, preflight=known)
        asked = replace(call, preflight=known)
        return asked if known.status is None or refusal(asked) else call

    async def _options(self) -> Preflight:
        asked = ",".join(sorted({"chatkit-frame-instance-id", "content-type", *self._own} - _SAFELISTED))
        headers = {
            "accept": "*/*",
            "access-control-request-method": "POST",
            "access-control-request-headers": asked,
            "origin": self._page.origin,
        }
        limit_s = self.ledger.bounds.turn_s
        try:
            async with (
                asyncio.timeout(limit_s),
                self._http.stream("OPTIONS", self._url, headers=headers) as answer,
            ):
                return Preflight(answer.status_code, dict(answer.headers), asked)
        except TimeoutError:
            self.ledger.note(_given_up("the preflight (OPTIONS)", limit_s))
            return Preflight(None, {}, asked)
        except _FAILURES as failure:
            return Preflight(None, {}, asked, await described(failure, self._url, self.ledger.handshakes))


@dataclass(slots=True)
class _Reading:
    """One answer while it comes."""

    http: httpx.AsyncClient
    ledger: Ledger
    call: Call
    seen: Seen
    stop_after: int | None
    chunks: list[Chunk] = field(default_factory=list)
    how: BodyEnd = "open"
    error: str = ""

    async def within(self, limit_s: float) -> Call:
        """The whole answer, or as much of it as came in time."""
        try:
            async with asyncio.timeout(limit_s):
                await self._exchange()
        except TimeoutError:
            self.ledger.note(_given_up(self.call.probe or self.call.op, limit_s))
        except UndecodableError as failure:
            fault = TransportFault.BODY_UNDECODABLE
            self.how, self.error = "cut", told(fault, str(failure))
        except _FAILURES as failure:
            self.how, self.error = "cut", await described(failure, self.call.url, self.ledger.handshakes)
        chunks, ended = tuple(self.chunks), self.ledger.now()
        return replace(self.call, chunks=chunks, ended_ms=ended, how=self.how, error=self.error)

    async def _exchange(self) -> None:
        sent = self.call
        headers = dict(sent.request_headers)
        async with self.http.stream(
            "POST", sent.url, content=sent.request, headers=headers, follow_redirects=True
        ) as response:
            answered = self.ledger.now()
            self.call = _answered(sent, response, answered)
            if response.history:
                self.ledger.note(f"{sent.url} redirects to {response.url}")
            for hop in response.history:
                if refusal(passed := _answered(sent, hop, answered)):
                    # A browser checks each redirect, too, and does not follow this one.
                    self.call, self.how = passed, "finished"
                    return
            if self.call.op in STREAMING_OPS and not is_stream(self.call):
                await self._glance(response)
            else:
                await self._read(response)

    async def _glance(self, response: httpx.Response) -> None:
        """The beginning of an answer that the component does not read."""
        try:
            async with asyncio.timeout(UNREAD_LIMIT_S):
                await self._read(response)
        except TimeoutError:
            self.how = "aborted"

    async def _read(self, response: httpx.Response) -> None:
        parser = SseParser() if is_stream(self.call) else None
        coding = response.headers.get("content-encoding", "")
        decoder = BodyDecoder(coding, _offered(str(response.url)))
        async for data in response.aiter_raw():
            # A small piece may become a huge one: it is unpacked no further than it is wanted.
            for piece in decoder.feed(data):
                kept = self.ledger.take(piece)
                if kept:
                    self.chunks.append(Chunk(self.ledger.now(), kept))
                if parser is not None and self._is_enough(parser, kept):
                    return
                if len(kept) < len(piece):
                    self._leave(f"the limit of {self.ledger.bounds.bytes:,} bytes for all bodies together")
                    return
        self.how = "finished"

    def _is_enough(self, parser: SseParser, data: bytes) -> bool:
        """Whether no more of a stream is wanted."""
        for event in parser.feed(data):
            self.seen.events += 1
            if (value := read_payload(event.data).value) is not None:
                self.seen.take(value)
        if self.stop_after is not None and self.seen.events >= self.stop_after:
            self.how = "aborted"
            return True
        most = self.ledger.bounds.events
        if self.seen.events < most:
            return False
        self._leave(f"the limit of {most:,} events for one stream")
        return True

    def _leave(self, why: str) -> None:
        """The body goes on, and is not read any further."""
        self.call = replace(self.call, unread=why)
        self.ledger.note(f"{self.call.op} was not read completely: {why}")


@asynccontextmanager
async def opened(url: str, page: Page, bounds: Bounds) -> AsyncIterator[Client]:
    """A client for as long as the context lasts. Raises UsageError for a header that cannot be sent."""
    _check_headers(page.headers)
    parts = urlsplit(url)
    # A page at another origin neither sends cookies nor keeps those it is given.
    policy = DefaultCookiePolicy(allowed_domains=[]) if page.is_foreign_to(url) else None
    try:
        http = httpx.AsyncClient(
            # A context without authorities trusts nobody, and is made in no time: plain HTTP needs none.
            verify=_trusted() if parts.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=httpx.Timeout(None, connect=CONNECT_LIMIT_S),
            trust_env=not is_loopback(parts.hostname or ""),
            cookies=CookieJar(policy),
            headers={"accept-encoding": ", ".join(_offered(url))},
        )
    except (ImportError, ValueError) as error:
        hint = "Unset HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or correct them."
        raise UsageError(f"the environment's proxy cannot be used: {error}", where=url, hint=hint) from error
    async with http:
        yield Client(url, page, Ledger(bounds, bounds.bytes), http)


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if not (name.isascii() and value.isascii() and (name + value).isprintable()):
            hint = "Only printable ASCII characters can be sent."
            raise UsageError("a header cannot be sent", where=f"--header {name!r}", hint=hint)


def _answered(sent: Call, response: httpx.Response, t_ms: float) -> Call:
    return replace(sent, status=response.status_code, headers=dict(response.headers), answered_ms=t_ms)


def _given_up(what: str, limit_s: float) -> str:
    return f"{what} was aborted: the limit of {limit_s:g} s"


def _trusted() -> ssl.SSLContext:
    """What is trusted: the usual authorities, and those that were added to this machine for development."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


def _offered(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    is_open = parts.scheme == "http" and not is_loopback(parts.hostname or "")
    return OFFERED_IN_THE_OPEN if is_open else OFFERED
