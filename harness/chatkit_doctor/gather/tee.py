"""The wire where there is no DevTools protocol: Playwright's request events and the page-side tee."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.async_api import Request, Response

from chatkit_doctor.gather.observed_page import ObservedPage
from chatkit_doctor.gather.sse import SseGatherer
from chatkit_doctor.gather.wire import operation_of
from chatkit_doctor.recording.credentials import credentials
from chatkit_doctor.vocabulary import Layer


class TeeGatherer:
    """Writes ``request.*`` and ``wire.*`` from what the page itself can see (Firefox, WebKit).

    Preflights and the reason of a block are out of sight here, and no entry pretends otherwise.
    """

    def __init__(self, sse: SseGatherer) -> None:
        self._sse = sse
        self._ids: dict[Request, str] = {}
        self._calls: dict[str, tuple[str, str]] = {}
        self._bodies: dict[str, bytearray] = {}
        self._waiting: list[tuple[str, str]] = []
        self._observed: ObservedPage | None = None

    async def attach(self, observed: ObservedPage) -> None:
        self._observed = observed
        observed.journal.listeners.append(self._hear)
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
            Layer.REQUEST,
            "request.sent",
            {
                "id": request_id,
                "url": request.url,
                "method": request.method,
                "op": op,
                "body": body,
                "auth": credentials(request.headers),
                "headers": observed.journal.redactor.headers(request.headers),
            },
        )

    def _response(self, response: Response) -> None:
        observed, request_id = self._observed, self._ids.get(response.request)
        if observed is None or request_id is None:
            return
        op, _ = operation_of(response.request.post_data)
        headers = observed.journal.redactor.headers(response.headers)
        mime = headers.get("content-type", "").partition(";")[0]
        about = {"id": request_id, "op": op, "url": response.url, "status": response.status}
        observed.journal.add(Layer.WIRE, "wire.response", about | {"headers": headers, "mime": mime})

    def _failed(self, request: Request) -> None:
        observed, request_id = self._observed, self._ids.get(request)
        if observed is None or request_id is None or any(i == request_id for i, _ in self._calls.values()):
            return  # Once a body flows, its end is the tee's to report.
        op, _ = operation_of(request.post_data)
        data = {
            "id": request_id,
            "url": request.url,
            "op": op,
            "error": request.failure or "",
            "blocked": "",
            "cors": "",
        }
        observed.journal.add(Layer.REQUEST, "request.failed", data)

    def _hear(self, t: float, kind: str, data: Mapping[str, object]) -> None:
        observed = self._observed
        call = str(data.get("call", ""))
        if observed is None or not call:
            return
        if kind == "fetch.call" and not data.get("custom"):
            # The browser's request event follows the call; which is which shows by their order.
            self._bodies[call] = bytearray()
        elif kind == "tee.chunk":
            request_id, op = self._match(call, str(data.get("op", "")))
            chunk = str(data.get("latin1", "")).encode("latin-1")
            at = len(self._bodies.setdefault(call, bytearray()))
            self._bodies[call] += chunk
            observed.journal.add(
                Layer.WIRE, "wire.chunk", {"id": request_id, "size": len(chunk), "at": at}, t=t
            )
            self._sse.feed(request_id, op, chunk, observed, t=t)
        elif kind == "tee.end":
            self._end(call, str(data.get("how")), str(data.get("error") or "") or None)

    def _match(self, call: str, op: str) -> tuple[str, str]:
        if call not in self._calls:
            match = next(
                (w for w in self._waiting if w[1] == op), self._waiting[0] if self._waiting else (call, op)
            )
            if match in self._waiting:
                self._waiting.remove(match)
            self._calls[call] = match
        return self._calls[call]

    def _end(self, call: str, how: str, error: str | None) -> None:
        observed, body = self._observed, self._bodies.pop(call, None)
        if observed is None or body is None:
            return
        request_id, op = self._match(call, "")
        self._sse.end(request_id, observed)
        about: dict[str, Any] = {"id": request_id, "op": op, "how": how, "error": error, "size": len(body)}
        reference = observed.journal.body(f"wire-{request_id}.txt", bytes(body))
        observed.journal.add(Layer.WIRE, "wire.end", about | {"body": reference})
