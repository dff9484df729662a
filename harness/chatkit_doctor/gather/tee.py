"""The wire where there is no DevTools protocol: Playwright's request events and the page-side tee."""

from __future__ import annotations

from playwright.async_api import Request, Response

from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.operation import operation_of
from chatkit_doctor.gather.probe_messages import Raw, TeeChunk, TeeEnd
from chatkit_doctor.gather.sse import SseGatherer
from chatkit_doctor.recording.credentials import credentials
from chatkit_doctor.recording.entries import (
    AnyEntry,
    FetchCall,
    RequestFailed,
    RequestSent,
    WireChunk,
    WireEnd,
    WireResponse,
)
from chatkit_doctor.recording.entries.wire import BodyEnd


class TeeGatherer:
    """Writes ``request.*`` and ``wire.*`` from what the page itself can see (Firefox, WebKit).

    Preflights and the reason of a block are out of sight here, and no entry pretends otherwise.
    """

    def __init__(self, sse: SseGatherer) -> None:
        self._sse = sse
        self._ids: dict[Request, str] = {}
        self._calls: dict[str, tuple[str, str]] = {}
        self._bodies: dict[str, bytearray] = {}
        self._asked: list[tuple[str, str]] = []
        """Calls with their operations, in order, until it is known which request each of them became."""
        self._waiting: list[tuple[str, str]] = []
        """Requests with their operations, likewise."""
        self._observed: ObservedPage | None = None

    async def attach(self, observed: ObservedPage) -> None:
        self._observed = observed
        observed.journal.listeners.append(self._on_entry)
        observed.raw_listeners.append(self._on_raw)
        observed.page.on("request", self._request)
        observed.page.on("response", self._response)
        observed.page.on("requestfailed", self._failed)

    async def finish(self, observed: ObservedPage) -> None:
        """Streams still open are recorded as such."""
        for call in list(self._bodies):
            self._end(call, "open", None)
        self._observed = None

    def _request(self, request: Request) -> None:
        observed = self._observed
        if observed is None or request.resource_type not in {"fetch", "xhr"}:
            return
        op, body = operation_of(request.post_data)
        if not (op or request.url in observed.api_urls):
            return
        request_id = f"r{len(self._ids) + 1}"
        self._ids[request] = request_id
        self._waiting.append((request_id, op))
        observed.journal.add(
            RequestSent(
                id=request_id,
                url=request.url,
                method=request.method,
                op=op,
                body=body,
                auth=credentials(request.headers),
                headers=observed.journal.redactor.headers(request.headers),
                way="xhr" if request.resource_type == "xhr" else "fetch",
            ),
        )

    def _response(self, response: Response) -> None:
        observed, request_id = self._observed, self._ids.get(response.request)
        if observed is None or request_id is None:
            return
        op, _ = operation_of(response.request.post_data)
        headers = observed.journal.redactor.headers(response.headers)
        mime = headers.get("content-type", "").partition(";")[0]
        observed.journal.add(
            WireResponse(
                id=request_id, op=op, url=response.url, status=response.status, headers=headers, mime=mime
            )
        )

    def _failed(self, request: Request) -> None:
        observed, request_id = self._observed, self._ids.get(request)
        if observed is None or request_id is None or any(i == request_id for i, _ in self._calls.values()):
            return  # Once a body flows, its end is the tee's to report.
        op, _ = operation_of(request.post_data)
        error = request.failure or ""
        observed.journal.add(
            RequestFailed(id=request_id, url=request.url, op=op, error=error, blocked="", cors="")
        )

    def _on_entry(self, _t: float, entry: AnyEntry) -> None:
        if self._observed is not None and isinstance(entry, FetchCall) and not entry.custom:
            self._bodies[entry.call] = bytearray()
            self._asked.append((entry.call, entry.op))

    def _on_raw(self, t: float, raw: Raw) -> None:
        observed = self._observed
        if observed is None:
            return
        match raw:
            case TeeChunk():
                request_id, op = self._match(raw.call)
                chunk = raw.latin1.encode("latin-1", "replace")
                at = len(self._bodies.setdefault(raw.call, bytearray()))
                self._bodies[raw.call] += chunk
                observed.journal.add(WireChunk(id=request_id, size=len(chunk), at=at), t=t)
                self._sse.feed(request_id, op, chunk, observed, t=t)
            case TeeEnd():
                self._end(raw.call, raw.how, raw.error)

    def _match(self, call: str) -> tuple[str, str]:
        """The request that a call became, and its operation: the first call of an operation is its first."""
        if call not in self._calls:
            op = dict(self._asked).get(call, "")
            calls = [each for each in self._asked if each[1] == op]
            requests = [each for each in self._waiting if each[1] == op]
            found = next((r for c, r in zip(calls, requests, strict=False) if c[0] == call), None)
            if found is not None:
                self._asked.remove((call, op))
                self._waiting.remove(found)
            self._calls[call] = found or (call, op)
        return self._calls[call]

    def _end(self, call: str, how: BodyEnd, error: str | None) -> None:
        observed, body = self._observed, self._bodies.pop(call, None)
        if observed is None or body is None:
            return
        request_id, op = self._match(call)
        self._sse.end(request_id, observed)
        reference = observed.journal.body(f"wire-{request_id}.txt", bytes(body))
        observed.journal.add(
            WireEnd(id=request_id, op=op, how=how, error=error, size=len(body), body=reference)
        )
