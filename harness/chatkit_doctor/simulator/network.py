"""One call of a conversation as the entries that a browser's network would have left."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from chatkit_doctor.conversation.answers import has_no_answer, is_stream
from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.conversation.cors import refusal
from chatkit_doctor.protocol.sse import SseEvent, SseParser
from chatkit_doctor.recording.credentials import credentials
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.vocabulary import STREAMING_OPS


class WireWriter:
    """Writes the entries of calls. ``at`` places a call's times on the model's clock."""

    def __init__(self, journal: Journal, at: Callable[[float], float]) -> None:
        self._journal = journal
        self._at = at
        self._count = 0

    def ask(self, call: Call) -> str:
        """What the component asked the page to send; the nonce by which its events are known."""
        self._count += 1
        nonce = f"call-{self._count}"
        via = "fetchEventSource" if call.op in STREAMING_OPS else "fetch"
        data = {"nonce": nonce, "via": via, "url": call.url, "op": call.op, "body": _json(call.request)}
        self._add("request", "request.asked", data, call.t_ms)
        return nonce

    def exchange(self, call: Call, nonce: str, deliver: Callable[[str, float], None]) -> None:
        """The request and all that came of it; ``deliver`` gets each event's data and time."""
        self._count += 1
        id_ = f"{nonce}.{self._count}"
        self._sent(call, id_)
        refused = refusal(call)
        if refused or (call.status is None and not has_no_answer(call)):
            failed = {"id": id_, "url": call.url, "op": call.op, "cors": refused}
            failed |= {"blocked": "cors" if refused else "", "error": "" if refused else call.error}
            self._add("request", "request.failed", failed, max(call.t_ms, call.ended_ms))
        elif call.status is not None:
            self._answered(call, id_, nonce, deliver)

    def _sent(self, call: Call, id_: str) -> None:
        headers = self._journal.redactor.headers(call.request_headers)
        sent = {"id": id_, "url": call.url, "method": "POST", "op": call.op, "body": _json(call.request)}
        sent |= {"headers": headers, "auth": credentials(call.request_headers)}
        if call.preflight is not None:
            allowed = call.preflight.headers
            preflight = {
                "url": call.url,
                "status": call.preflight.status,
                "asked_headers": call.preflight.asked_headers,
                "allowed_headers": allowed.get("access-control-allow-headers", ""),
                "allowed_origin": allowed.get("access-control-allow-origin", ""),
                "allowed_methods": allowed.get("access-control-allow-methods", ""),
                "error": call.preflight.error,
            }
            self._add("request", "request.preflight", preflight, call.t_ms)
        self._add("request", "request.sent", sent, call.t_ms)

    def _answered(self, call: Call, id_: str, nonce: str, deliver: Callable[[str, float], None]) -> None:
        headers = self._journal.redactor.headers(call.headers)
        mime = call.headers.get("content-type", "").partition(";")[0].strip()
        response = {"id": id_, "op": call.op, "url": call.url, "status": call.status}
        self._add("wire", "wire.response", response | {"headers": headers, "mime": mime}, call.answered_ms)
        parser, index, at = SseParser(), 0, 0

        def read(events: list[SseEvent], t_ms: float) -> None:
            nonlocal index
            for event in events:
                self._parsed(call, id_, index, event, t_ms)
                if event.terminated and is_stream(call):
                    self._add("sse", "sse.posted", {"nonce": nonce, "data": event.data}, t_ms)
                    deliver(event.data, self._at(t_ms))
                index += 1

        for chunk in call.chunks:
            size = len(chunk.data)
            self._add("wire", "wire.chunk", {"id": id_, "size": size, "at": at}, chunk.t_ms)
            at += size
            if call.op in STREAMING_OPS:
                read(parser.feed(chunk.data), chunk.t_ms)
        if call.op in STREAMING_OPS:
            read(parser.close(), call.ended_ms)
        # The component gives up what is no stream at its headers, whatever follows them.
        unread = call.op in STREAMING_OPS and 200 <= (call.status or 0) < 300 and not is_stream(call)
        how = "aborted" if unread else call.how
        end = {"id": id_, "op": call.op, "how": how, "error": call.error or None, "size": at}
        body = self._journal.body(f"wire-{id_}.txt", call.body)
        self._add("wire", "wire.end", end | {"body": body}, call.ended_ms)

    def _parsed(self, call: Call, id_: str, index: int, event: SseEvent, t_ms: float) -> None:
        parsed = {"id": id_, "op": call.op, "index": index, "event": event.event, "data": event.data}
        self._add("sse", "sse.parsed", parsed | {"at": event.at, "terminated": event.terminated}, t_ms)

    def _add(self, layer: str, kind: str, data: dict[str, Any], t_ms: float) -> None:
        self._journal.add(layer, kind, data, t=self._at(t_ms))


def _json(body: bytes) -> object:
    text = body.decode(errors="replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
