"""One call of a conversation as the entries that a browser's network would have left."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Literal

from chatkit_doctor.conversation.answers import has_no_answer, is_stream
from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.conversation.cors import refusal
from chatkit_doctor.protocol.sse import SseEvent, SseParser
from chatkit_doctor.recording.credentials import credentials
from chatkit_doctor.recording.entries import (
    AnyEntry,
    RequestAsked,
    RequestFailed,
    RequestPreflight,
    RequestSent,
    SessionProbe,
    SessionServerDied,
    SseParsed,
    SsePosted,
    WireChunk,
    WireEnd,
    WireResponse,
)
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
        via: Literal["fetch", "fetchEventSource"] = (
            "fetchEventSource" if call.op in STREAMING_OPS else "fetch"
        )
        body = _json(call.request) if call.is_asked_known else None
        asked = RequestAsked(nonce=nonce, via=via, url=call.url, op=call.op, body=body)
        self._add(asked, call.t_ms)
        return nonce

    def exchange(self, call: Call, nonce: str, deliver: Callable[[str, float], None]) -> None:
        """The request and all that came of it; ``deliver`` gets each event's data and time."""
        self._count += 1
        id_ = f"{nonce}.{self._count}"
        self._sent(call, id_)
        refused = refusal(call)
        if refused or (call.status is None and not has_no_answer(call)):
            failed = RequestFailed(
                id=id_,
                url=call.url,
                op=call.op,
                error="" if refused else call.error,
                blocked="cors" if refused else "",
                cors=refused,
                status=call.kept_status,
            )
            self._add(failed, max(call.t_ms, call.ended_ms))
        elif call.status is not None:
            self._answered(call, id_, nonce, deliver)

    def tried(self, call: Call) -> None:
        """A request that the component would not have made, and what it was answered with."""
        probe = SessionProbe(
            probe=call.probe,
            op=call.op,
            url=call.url,
            body=_json(call.request),
            headers=self._journal.redactor.headers(call.request_headers),
            status=call.status,
            error=call.error,
        )
        self._add(probe, call.t_ms)

    def died(self, call: Call) -> None:
        """Nobody listened any more after a call."""
        died = SessionServerDied(op=call.op, url=call.url, error=call.error, probe=call.probe)
        self._add(died, call.ended_ms)

    def _sent(self, call: Call, id_: str) -> None:
        if call.preflight is not None:
            allowed = call.preflight.headers
            preflight = RequestPreflight(
                url=call.url,
                status=call.preflight.status,
                asked_headers=call.preflight.asked_headers,
                allowed_headers=allowed.get("access-control-allow-headers", ""),
                allowed_origin=allowed.get("access-control-allow-origin", ""),
                allowed_methods=allowed.get("access-control-allow-methods", ""),
                error=call.preflight.error,
            )
            self._add(preflight, call.t_ms)
        sent = RequestSent(
            id=id_,
            url=call.url,
            method="POST",
            op=call.op,
            body=_json(call.rewritten or call.request),
            headers=self._journal.redactor.headers(call.request_headers),
            auth=credentials(call.request_headers),
        )
        self._add(sent, call.t_ms)

    def _answered(self, call: Call, id_: str, nonce: str, deliver: Callable[[str, float], None]) -> None:
        response = WireResponse(
            id=id_,
            op=call.op,
            url=call.url,
            status=call.status or 0,
            headers=self._journal.redactor.headers(call.headers),
            mime=call.headers.get("content-type", "").partition(";")[0].strip(),
        )
        self._add(response, call.answered_ms)
        parser, index, at = SseParser(), 0, 0

        def read(events: list[SseEvent], t_ms: float) -> None:
            nonlocal index
            for event in events:
                self._parsed(id_, index, event, t_ms)
                if event.terminated and is_stream(call):
                    self._add(SsePosted(nonce=nonce, data=event.data), t_ms)
                    deliver(event.data, self._at(t_ms))
                index += 1

        for chunk in call.chunks:
            size = len(chunk.data)
            self._add(WireChunk(id=id_, size=size, at=at), chunk.t_ms)
            at += size
            if call.op in STREAMING_OPS:
                read(parser.feed(chunk.data), chunk.t_ms)
        if call.op in STREAMING_OPS:
            read(parser.close(), call.ended_ms)
        # The component gives up what is not a stream at its headers, whatever follows them.
        unread = call.op in STREAMING_OPS and 200 <= (call.status or 0) < 300 and not is_stream(call)
        end = WireEnd(
            id=id_,
            op=call.op,
            how="aborted" if unread else call.how,
            error=call.error or None,
            size=at,
            body=self._journal.body(f"wire-{id_}.txt", call.body),
        )
        self._add(end, call.ended_ms)

    def _parsed(self, id_: str, index: int, event: SseEvent, t_ms: float) -> None:
        parsed = SseParsed(
            id=id_,
            index=index,
            event=event.event,
            data=event.data,
            at=event.at,
            terminated=event.terminated,
        )
        self._add(parsed, t_ms)

    def _add(self, entry: AnyEntry, t_ms: float) -> None:
        self._journal.add(entry, t=self._at(t_ms))


def _json(body: bytes) -> object:
    text = body.decode(errors="replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
