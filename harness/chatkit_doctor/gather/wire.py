"""The wire as Chromium sees it, over the DevTools protocol: requests, responses, chunks as they arrive.

``Network.streamResourceContent`` hands over chunks of a response that is still open, without a proxy and
without touching the page; ``response.body()`` and HAR know nothing of an open stream.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from playwright.async_api import Error as PlaywrightError

from chatkit_doctor.conversation.tls_handshake import Handshakes
from chatkit_doctor.conversation.transport_faults import TransportFault, of_text, told_as
from chatkit_doctor.gather.decoded_body import bytes_behind
from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.operation import operation_of
from chatkit_doctor.gather.sse import SseGatherer
from chatkit_doctor.recording.credentials import credentials
from chatkit_doctor.recording.entries import (
    RequestFailed,
    RequestPreflight,
    RequestSent,
    WireChunk,
    WireEnd,
    WireResponse,
)
from chatkit_doctor.recording.entries.wire import BodyEnd
from chatkit_doctor.recording.journal import MAX_BODY
from chatkit_doctor.recording.so_far import OpenBody, body_name

LONGEST_BODY: Final = 2 * MAX_BODY
"""Bytes of one body after which a session is abandoned: more than is kept, and no end in sight. The page and
what watches it take several times as much memory."""
EARLY_LIMIT: Final = 200
"""Statuses that are kept until their request is told of; most are of requests that are none of ChatKit's."""
STATUS_LIMIT_S: Final = 2.0
"""How long the status of an answer that CORS keeps from the page is waited for, which may be told later."""
COMPLETE_LIMIT_S: Final = 3.0
"""How long a finished body may take to be fetched from the browser at the end of a session."""


@dataclass(slots=True)
class _Exchange:
    """One request that is under way, and its body as far as it came."""

    id: str
    op: str
    url: str
    offset: float
    """Unix time in ms minus the browser's monotonic time in ms."""
    head: bytes | None = None
    tail: bytearray = field(default_factory=bytearray)
    size: int = 0
    early: list[tuple[int, float]] = field(default_factory=list)
    """Sizes and times of the chunks that came before streaming began; their bytes are handed over later."""
    streaming: asyncio.Task[None] | None = None
    content_type: str = ""
    status: int | None = None
    """The status as it came over the network, before the browser decided whether the page may know it."""

    @property
    def body(self) -> bytes:
        return (self.head or b"") + bytes(self.tail)


class WireGatherer:
    """Writes ``request.*`` and ``wire.*`` for the API requests of one page (Chromium only)."""

    def __init__(self, sse: SseGatherer) -> None:
        self._sse = sse
        self._open: dict[str, _Exchange] = {}
        self._preflights: dict[str, dict[str, Any]] = {}
        self._completing: set[asyncio.Task[None]] = set()
        self._giving_up: asyncio.Task[None] | None = None
        self._observed: ObservedPage | None = None
        self._handshakes = Handshakes()
        self._hidden: dict[str, asyncio.Future[int | None]] = {}
        """Requests that CORS blocked, whose answer's status has still to come."""
        self._early: dict[str, int | None] = {}
        """Statuses that were told of requests that nothing had been told of yet: the two come from different
        processes of the browser."""

    async def attach(self, observed: ObservedPage) -> None:
        cdp = observed.cdp
        if cdp is None:
            return
        self._observed = observed
        for event, handler in (
            ("Network.requestWillBeSent", self._request),
            ("Network.requestWillBeSentExtraInfo", self._extra),
            ("Network.responseReceived", self._response),
            ("Network.responseReceivedExtraInfo", self._response_extra),
            ("Network.dataReceived", self._data),
            ("Network.loadingFinished", self._finished),
            ("Network.loadingFailed", self._failed),
        ):
            cdp.on(event, handler)
        await cdp.send("Network.enable", {"maxPostDataSize": 256 * 1024})

    async def finish(self, observed: ObservedPage) -> None:
        """Streams still open are recorded as such, with what came of them."""
        if self._completing:
            await asyncio.wait(self._completing, timeout=COMPLETE_LIMIT_S)
        for exchange in list(self._open.values()):
            self._end(exchange, "open", None, observed.journal.clock.now())
        self._observed = None

    def open_bodies(self) -> tuple[OpenBody, ...]:
        """What has come so far of every answer that goes on."""
        return tuple(
            OpenBody(each.id, each.op, each.size, each.body)
            for each in self._open.values()
            if each.content_type
        )

    def _at(self, exchange: _Exchange, timestamp: float) -> float:
        observed = self._observed
        assert observed is not None  # noqa: S101 - handlers run only while attached
        return observed.journal.clock.from_epoch(timestamp * 1000 + exchange.offset)

    def _request(self, event: Mapping[str, Any]) -> None:
        observed, request = self._observed, event["request"]
        if observed is None:
            return
        offset = (float(event["wallTime"]) - float(event["timestamp"])) * 1000
        if _is_preflight(event):
            headers = _lower(request["headers"])
            self._preflights[event["requestId"]] = {
                "url": request["url"],
                "asked_headers": headers.get("access-control-request-headers", ""),
            }
            return
        body = request.get("postData")
        op, parsed = operation_of(body)
        url = str(request["url"])
        if event.get("type") not in {"Fetch", "XHR"} or not (op or url in observed.api_urls):
            return
        exchange = _Exchange(str(event["requestId"]), op, url, offset)
        exchange.status = self._early.pop(exchange.id, None)
        self._open[exchange.id] = exchange
        observed.journal.add(
            RequestSent(
                id=exchange.id,
                url=url,
                method=request["method"],
                op=op,
                body=parsed,
                auth=credentials(request["headers"]),
                headers=observed.journal.redactor.headers(request["headers"]),
                way="xhr" if event["type"] == "XHR" else "fetch",
            ),
            t=self._at(exchange, float(event["timestamp"])),
        )

    def _extra(self, event: Mapping[str, Any]) -> None:
        if self._observed is not None:
            # Cookies and the like appear only here; learning them keeps them out of everything else.
            self._observed.journal.redactor.learn_headers(_lower(event["headers"]))

    def _response(self, event: Mapping[str, Any]) -> None:
        observed, exchange = self._observed, self._open.get(event["requestId"])
        if observed is None:
            return
        response = event["response"]
        if event["requestId"] in self._preflights:
            self._preflight(event["requestId"], response)
            return
        if exchange is None:
            return
        exchange.content_type = str(_lower(response["headers"]).get("content-type", ""))
        observed.journal.add(
            WireResponse(
                id=exchange.id,
                op=exchange.op,
                url=exchange.url,
                status=response["status"],
                headers=observed.journal.redactor.headers(response["headers"]),
                mime=response.get("mimeType", ""),
            ),
            t=self._at(exchange, float(event["timestamp"])),
        )
        exchange.streaming = asyncio.ensure_future(self._stream(exchange))

    def _response_extra(self, event: Mapping[str, Any]) -> None:
        """The raw headers of a preflight's answer, which the browser hides elsewhere."""
        found = self._preflights.get(event["requestId"])
        if found is not None:
            found["raw"] = _lower(event["headers"])
            found["status"] = event.get("statusCode")
        if (exchange := self._open.get(event["requestId"])) is not None:
            exchange.status = event.get("statusCode")
        else:
            self._early[event["requestId"]] = event.get("statusCode")
            if len(self._early) > EARLY_LIMIT:
                del self._early[next(iter(self._early))]
        if (hidden := self._hidden.get(event["requestId"])) is not None and not hidden.done():
            hidden.set_result(event.get("statusCode"))
        if self._observed is not None:
            self._observed.journal.redactor.learn_headers(_lower(event["headers"]))

    def _preflight(self, request_id: str, response: Mapping[str, Any]) -> None:
        observed = self._observed
        found = self._preflights.pop(request_id)
        headers = found.get("raw") or _lower(response["headers"])
        if observed is not None:
            observed.journal.add(_preflight(found, response["status"], headers))

    async def _stream(self, exchange: _Exchange) -> None:
        observed = self._observed
        if observed is None or observed.cdp is None:
            return
        try:
            answer = await observed.cdp.send("Network.streamResourceContent", {"requestId": exchange.id})
        except PlaywrightError:
            # Already finished: the whole body can still be had at its end.
            exchange.head = exchange.head or b""
            return
        exchange.head = base64.b64decode(answer.get("bufferedData", ""))
        rest = exchange.body
        for size, t in exchange.early:
            self._sse.feed(exchange.id, exchange.op, rest[:size], observed, t=t)
            rest = rest[size:]
        self._sse.feed(exchange.id, exchange.op, rest, observed)

    def _data(self, event: Mapping[str, Any]) -> None:
        observed, exchange = self._observed, self._open.get(event["requestId"])
        if observed is None or exchange is None:
            return
        size = int(event["dataLength"])
        t = self._at(exchange, float(event["timestamp"]))
        observed.journal.add(WireChunk(id=exchange.id, size=size, at=exchange.size), t=t)
        exchange.size += size
        if event.get("data") and len(exchange.tail) < MAX_BODY:
            data = base64.b64decode(event["data"])
            exchange.tail += data
            if exchange.head is not None:
                self._sse.feed(exchange.id, exchange.op, data, observed, t=t)
        if exchange.head is None:
            exchange.early.append((size, t))
        if exchange.size > LONGEST_BODY >= exchange.size - size:
            self._giving_up = asyncio.ensure_future(self._give_up(exchange))

    async def _give_up(self, exchange: _Exchange) -> None:
        """Break the session off, and make the browser take no more of the body."""
        observed = self._observed
        if observed is None or observed.cdp is None:
            return
        observed.state.broke_off(
            f"the response to {exchange.op or exchange.url} exceeded {LONGEST_BODY >> 20} MB"
        )
        with suppress(PlaywrightError):
            await observed.cdp.send("Network.disable")
            await observed.cdp.send("Page.stopLoading")

    def _finished(self, event: Mapping[str, Any]) -> None:
        exchange = self._open.get(event["requestId"])
        if exchange is not None and self._observed is not None:
            t = self._at(exchange, float(event["timestamp"]))
            self._later(self._complete(exchange, t))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        """Do what takes longer than a handler may; the end of the session waits for it."""
        task = asyncio.ensure_future(work)
        self._completing.add(task)
        task.add_done_callback(self._completing.discard)

    async def _complete(self, exchange: _Exchange, t: float) -> None:
        """Fetch what streaming missed (a body that ended before it could begin), then close the exchange."""
        if exchange.streaming is not None:
            await exchange.streaming
        observed = self._observed
        if (
            observed is not None
            and observed.cdp is not None
            and len(exchange.body) < exchange.size <= MAX_BODY
        ):
            try:
                answer = await observed.cdp.send("Network.getResponseBody", {"requestId": exchange.id})
                raw = str(answer["body"])
                is_text = not answer.get("base64Encoded")
                whole = bytes_behind(raw, exchange.size) if is_text else base64.b64decode(raw)
                self._sse.feed(exchange.id, exchange.op, whole[len(exchange.body) :], observed, t=t)
                exchange.head, exchange.tail = whole, bytearray()
            except PlaywrightError:
                pass  # Evicted or gone: the size is known, the content is recorded as far as it was seen.
        if exchange.id in self._open:
            self._end(exchange, "finished", None, t)

    def _failed(self, event: Mapping[str, Any]) -> None:
        observed, request_id = self._observed, event["requestId"]
        if observed is None:
            return
        if request_id in self._preflights:
            found = self._preflights.pop(request_id)
            answered = found.get("status"), found.get("raw", {})
            observed.journal.add(_preflight(found, *answered, error=event.get("errorText", "")))
            return
        exchange = self._open.get(request_id)
        if exchange is None:
            return
        t = self._at(exchange, float(event["timestamp"]))
        cors = event.get("corsErrorStatus") or {}
        if exchange.content_type or exchange.size:
            self._end(
                exchange, "aborted" if event.get("canceled") else "cut", str(event.get("errorText", "")), t
            )
            return
        self._open.pop(request_id)
        failed = RequestFailed(
            id=exchange.id,
            url=exchange.url,
            op=exchange.op,
            error=event.get("errorText", ""),
            blocked=event.get("blockedReason") or ("cors" if cors else ""),
            cors=f"{cors.get('corsError', '')} {cors.get('failedParameter', '')}".strip(),
            aborted=bool(event.get("canceled")),
            status=exchange.status if cors else None,
        )
        fault = of_text(failed.error)
        if cors and failed.status is None and "Preflight" not in failed.cors:
            self._hidden[request_id] = asyncio.get_running_loop().create_future()
            self._later(self._with_status(failed, t))
        elif fault is not None and self._handshakes.would_tell(fault, failed.url):
            self._later(self._look_into(failed, fault, t))
        else:
            observed.journal.add(failed, t=t)

    async def _with_status(self, failed: RequestFailed, t: float) -> None:
        """Write down a blocked request with the status that its answer had, once that is told."""
        try:
            async with asyncio.timeout(STATUS_LIMIT_S):
                failed = msgspec.structs.replace(failed, status=await self._hidden[failed.id])
        except TimeoutError:
            pass  # It is blocked anyway; by what answer is not known.
        finally:
            self._hidden.pop(failed.id, None)
        if self._observed is not None:
            self._observed.journal.add(failed, t=t)

    async def _look_into(self, failed: RequestFailed, seen: TransportFault, t: float) -> None:
        """Write down a failure with what the browser itself does not see of it."""
        fault = await self._handshakes.looked_into(seen, failed.url)
        if fault is not seen:
            failed = msgspec.structs.replace(failed, error=told_as(fault, failed.error))
        if self._observed is not None:
            self._observed.journal.add(failed, t=t)

    def _end(self, exchange: _Exchange, how: BodyEnd, error: str | None, t: float) -> None:
        observed = self._observed
        self._open.pop(exchange.id, None)
        if observed is None:
            return
        self._sse.end(exchange.id, observed, t=t)
        name = body_name(exchange.id)
        observed.journal.add(
            WireEnd(
                id=exchange.id,
                op=exchange.op,
                how=how,
                error=error,
                size=exchange.size,
                body=observed.journal.body(name, exchange.body),
            ),
            t=t,
        )


def _is_preflight(event: Mapping[str, Any]) -> bool:
    """Whether a request is the browser's own question before another. Its type alone says so only later."""
    return event.get("type") == "Preflight" or event.get("initiator", {}).get("type") == "preflight"


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in headers.items()}


def _preflight(
    asked: Mapping[str, Any], status: int | None, answer: Mapping[str, str], *, error: str = ""
) -> RequestPreflight:
    return RequestPreflight(
        url=asked["url"],
        asked_headers=asked["asked_headers"],
        status=status,
        allowed_headers=answer.get("access-control-allow-headers", ""),
        allowed_origin=answer.get("access-control-allow-origin", ""),
        allowed_methods=answer.get("access-control-allow-methods", ""),
        error=error,
    )
