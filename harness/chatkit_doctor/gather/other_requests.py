"""What else a page does with the network while its own fetch is called: by any way there is.

A page may answer the component over a WebSocket, from an EventSource, through a worker, or by a request in
words of its own. Requests that the wire gatherer recognises are none of this one's.
"""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request, WebSocket

from chatkit_doctor.gather.connection import Connection, Key, Span, key_of
from chatkit_doctor.gather.console import is_noise_url
from chatkit_doctor.gather.hosted import is_hosted_url
from chatkit_doctor.gather.observed_page import ObservedPage, is_component
from chatkit_doctor.gather.operation import operation_of
from chatkit_doctor.recording.entries import (
    AnyEntry,
    FetchCall,
    FetchEnd,
    FetchReturned,
    FetchThrew,
    PageOptions,
    RequestOther,
    SessionCapped,
    kind_of,
)
from chatkit_doctor.recording.entries.request import Way

MOST_CONNECTIONS: Final = 400
"""Requests and connections that are kept; the first of them go."""
MOST_PER_CALL: Final = 20
"""Those that are written down of one call."""
MOST_BODIES: Final = 200
"""Answers whose bodies are requested."""
LONGEST_BODY: Final = 4 * 1024 * 1024
"""Bytes of an answer whose body is requested: what is longer, such as a download, is left where it is."""
MOST_KNOWN: Final = 4_000
"""Requests, EventSources and WebSockets whose names are remembered, the latest."""
COMPLETE_LIMIT_S: Final = 2.0
"""How long the bodies that are still asked for are waited for at the end."""

REQUEST_OTHER: Final = kind_of(RequestOther)
TEXT: Final = 1
"""The kind of a WebSocket's message that is text; others come as base64."""
_WAYS: Final[Mapping[str, Way]] = {"fetch": "fetch", "xhr": "xhr", "eventsource": "event-source"}


class OtherRequestsGatherer:
    """Writes ``request.other``."""

    def __init__(self) -> None:
        self._observed: ObservedPage | None = None
        self._connections: dict[object, Connection] = {}
        self._spans: dict[str, Span] = {}
        self._of_page: dict[Key, None] = {}
        """What the documents of the page's own process sent: a worker's requests are told elsewhere."""
        self._sources: dict[str, str] = {}
        """EventSources by the DevTools protocol's names of them, with their URLs."""
        self._sockets: dict[str, Connection] = {}
        """WebSockets by the DevTools protocol's names of them; those of a worker are not among them."""
        self._told_once: dict[str, list[Connection]] = {}
        """By its URL, which WebSockets only one of Playwright and the DevTools protocol has told of."""
        self._offset: float | None = None
        """Unix time in ms minus the browser's monotonic time in ms."""
        self._has_own_fetch = False
        self._bodies = 0
        self._reading: set[asyncio.Task[None]] = set()
        self._forgotten_at: float | None = None
        """When the first call began of whose time something was forgotten."""

    async def attach(self, observed: ObservedPage) -> None:
        self._observed = observed
        observed.journal.listeners.append(self._heard)
        page = observed.page
        page.on("request", self._sent)
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._failed)
        page.on("websocket", self._opened)
        if observed.cdp is not None:
            # The wire gatherer has turned the network on.
            observed.cdp.on("Network.requestWillBeSent", self._sent_by_page)
            observed.cdp.on("Network.webSocketCreated", self._opened_by_page)
            observed.cdp.on("Network.webSocketFrameSent", lambda event: self._frame(event, is_sent=True))
            observed.cdp.on("Network.webSocketFrameReceived", lambda event: self._frame(event, is_sent=False))
            observed.cdp.on("Network.webSocketFrameError", self._frame_error)
            observed.cdp.on("Network.eventSourceMessageReceived", self._event)

    async def finish(self, observed: ObservedPage) -> None:
        """Of each call, write down what went on beside it."""
        if self._reading:
            await asyncio.wait(self._reading, timeout=COMPLETE_LIMIT_S)
        journal, self._observed = observed.journal, None
        if self._forgotten_at is not None:
            journal.add(SessionCapped(of=REQUEST_OTHER), t=self._forgotten_at)
        for call, span in self._spans.items():
            self._write(call, span, observed)

    def _write(self, call: str, span: Span, observed: ObservedPage) -> None:
        journal = observed.journal
        others = (each for each in self._connections.values() if each.is_within(span))
        others = (each for each in others if not self._is_recognised(each, observed))
        for written, other in enumerate(others):
            if written == MOST_PER_CALL:
                journal.add(SessionCapped(of=REQUEST_OTHER), t=span.begin)
                return
            headers = journal.redactor.headers(other.headers) if other.headers is not None else None
            by: Literal["page", "worker"] = "worker" if self._is_of_worker(other, observed) else "page"
            journal.add(other.told(call, span, by, headers), t=max(other.began, span.begin))

    def _heard(self, t: float, entry: AnyEntry) -> None:
        match entry:
            case FetchCall(custom=True, call=call):
                self._has_own_fetch = True
                self._spans[call] = Span(t)
            case FetchReturned(call=call) | FetchThrew(call=call) | FetchEnd(call=call) if (
                call in self._spans
            ):
                self._spans[call].end = t
                if self._observed is not None:
                    self._spans[call].heard = self._observed.journal.clock.now()
            case PageOptions(options=options):
                api = options.get("api") if isinstance(options, dict) else None
                self._has_own_fetch |= isinstance(api, dict) and "fetch" in api
            case _:
                pass

    def _keep(self, key: object, connection: Connection) -> None:
        self._connections[key] = connection
        if len(self._connections) > MOST_CONNECTIONS:
            forgotten = self._connections.pop(next(iter(self._connections)))
            forgotten.forget()
            begins = (span.begin for span in self._spans.values() if forgotten.is_within(span))
            self._forgotten_at = min(begins, default=self._forgotten_at)

    def _sent(self, request: Request) -> None:
        observed, way = self._observed, _WAYS.get(request.resource_type)
        if observed is None or way is None or _is_nobodys(request, observed):
            return
        now = observed.journal.clock.now()
        body = _body(request)
        self._keep(request, Connection(way, request.url, request.method, now, request.headers, body))

    def _finished(self, request: Request) -> None:
        self._over(request)
        if self._has_own_fetch and request in self._connections and self._bodies < MOST_BODIES:
            self._bodies += 1
            task = asyncio.ensure_future(self._read(request))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    def _failed(self, request: Request) -> None:
        self._over(request, error=request.failure or "failed")

    def _over(self, request: Request, *, error: str = "") -> None:
        observed, connection = self._observed, self._connections.get(request)
        if observed is None or connection is None:
            return
        clock, timing = observed.journal.clock, request.timing
        connection.over, connection.error = clock.now(), error
        if timing["startTime"] > 0:
            connection.began = clock.from_epoch(timing["startTime"])
            if timing["responseEnd"] >= 0:
                connection.over = connection.began + timing["responseEnd"]

    async def _read(self, request: Request) -> None:
        connection = self._connections[request]
        try:
            response = await request.response()
            if response is None:
                return
            connection.status = response.status
            connection.content_type = response.headers.get("content-type", "")
            if (await request.sizes())["responseBodySize"] <= LONGEST_BODY:
                connection.answered(await response.body())
        except PlaywrightError:
            pass  # The page has gone on; that it was sent is known.

    def _opened(self, socket: WebSocket) -> None:
        observed = self._observed
        if observed is None or is_noise_url(socket.url):
            return
        clock = observed.journal.clock
        # When a message is told of is all that is known of its time here.
        connection = Connection("websocket", socket.url, "GET", clock.now(), is_timed=False)
        if observed.cdp is not None and self._twin(socket.url, connection) is not None:
            return
        self._keep(connection, connection)
        socket.on("framesent", lambda said: connection.add(clock.now(), said, is_sent=True))
        socket.on("framereceived", lambda said: connection.add(clock.now(), said, is_sent=False))
        socket.on("socketerror", lambda error: setattr(connection, "error", str(error)))

    def _twin(self, url: str, connection: Connection) -> Connection | None:
        """The same WebSocket as the other of the two has told of it; without one, it is waited for."""
        waiting = self._told_once.get(url, [])
        _remember(self._told_once, url, waiting)
        twin = next((each for each in waiting if each.is_timed is not connection.is_timed), None)
        if twin is None:
            waiting.append(connection)
            del waiting[:-MOST_CONNECTIONS]
        else:
            waiting.remove(twin)
        return twin

    def _sent_by_page(self, event: Mapping[str, Any]) -> None:
        self._offset = (float(event["wallTime"]) - float(event["timestamp"])) * 1000
        if event.get("type") in {"Fetch", "XHR", "EventSource"}:
            asked = event["request"]
            _remember(self._of_page, key_of(asked["method"], asked["url"], asked.get("postData", "")), None)
            if event["type"] == "EventSource":
                _remember(self._sources, str(event["requestId"]), str(asked["url"]))

    def _opened_by_page(self, event: Mapping[str, Any]) -> None:
        observed, url = self._observed, str(event["url"])
        if observed is None or is_noise_url(url):
            return
        connection = Connection("websocket", url, "GET", observed.journal.clock.now())
        if (twin := self._twin(url, connection)) is not None:
            self._connections.pop(twin, None)
        _remember(self._sockets, str(event["requestId"]), connection)
        self._keep(connection, connection)

    def _frame(self, event: Mapping[str, Any], *, is_sent: bool) -> None:
        t, connection = self._at(event), self._sockets.get(str(event["requestId"]))
        if t is None or connection is None:
            return
        frame = event["response"]
        said = str(frame["payloadData"])
        connection.add(t, said if frame["opcode"] == TEXT else b64decode(said), is_sent=is_sent)

    def _frame_error(self, event: Mapping[str, Any]) -> None:
        if (connection := self._sockets.get(str(event["requestId"]))) is not None:
            connection.error = str(event["errorMessage"])

    def _event(self, event: Mapping[str, Any]) -> None:
        t, url = self._at(event), self._sources.get(str(event["requestId"]))
        found = (c for c in reversed(self._connections.values()) if c.way == "event-source" and c.url == url)
        connection = next(found, None)
        if connection is not None and t is not None:
            connection.add_event(t, str(event["eventName"]), str(event["data"]))

    def _at(self, event: Mapping[str, Any]) -> float | None:
        """When an event was, once it is known how the browser's clock runs."""
        if self._observed is None or self._offset is None:
            return None
        return self._observed.journal.clock.from_epoch(float(event["timestamp"]) * 1000 + self._offset)

    def _is_of_worker(self, connection: Connection, observed: ObservedPage) -> bool:
        """Whether no document sent it; not known without the DevTools protocol, or of a frame elsewhere."""
        is_known = observed.cdp is not None and observed.host_frame is observed.page.main_frame
        is_of_page = connection.is_timed if connection.way == "websocket" else connection.key in self._of_page
        return is_known and not is_of_page

    def _is_recognised(self, connection: Connection, observed: ObservedPage) -> bool:
        """Whether the wire gatherer has written it down."""
        is_of_page = observed.cdp is None or connection.key in self._of_page
        is_asked = bool(operation_of(connection.body)[0]) or connection.url in observed.api_urls
        return connection.way in {"fetch", "xhr"} and is_asked and is_of_page


_K = TypeVar("_K")
_V = TypeVar("_V")


def _remember(known: dict[_K, _V], key: _K, value: _V) -> None:
    known.pop(key, None)
    known[key] = value
    if len(known) > MOST_KNOWN:
        del known[next(iter(known))]


def _is_nobodys(request: Request, observed: ObservedPage) -> bool:
    """Whether a request is the component's own, or noise."""
    if is_noise_url(request.url) or is_hosted_url(request.url):
        return True
    try:
        return is_component(request.frame, observed)
    except PlaywrightError:
        return True  # A service worker's own: what a document asks of it is seen there.


def _body(request: Request) -> str:
    try:
        return request.post_data or ""
    except (PlaywrightError, UnicodeDecodeError):
        return ""
