"""A backend played from a scenario: exact bytes, delays and faults, over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from chatkit_doctor.host.frames import Ending, Piece, RequestFacts, Wait, events_of, pieces
from chatkit_doctor.host.stores import given_back
from chatkit_doctor.scenario.backend import Answer, ScriptBackend
from chatkit_doctor.vocabulary import STREAMING_OPS, TURN_OPS

MAX_REMEMBERED_ITEMS = 1_000
"""Items a scripted backend remembers of its threads."""


class ConnectionCut(Exception):  # noqa: N818 - the wanted outcome of a scripted fault
    """Raised inside a response to make the server drop the connection without ending the body."""


class ScriptedBackend:
    """Answers ChatKit operations from a script; remembers the items it sent, so that a reload works."""

    def __init__(self, script: ScriptBackend) -> None:
        self._script = script
        self._seen: Counter[str] = Counter()
        self._turns = 0
        self._items: dict[str, dict[str, dict[str, Any]]] = {}
        self._titles: dict[str, str | None] = {}

    async def answer(self, body: dict[str, Any]) -> Response:
        """The response to one operation."""
        op = str(body.get("type", ""))
        given = body.get("params")
        params: dict[str, Any] = given if isinstance(given, dict) else {}
        facts = self._facts(op, params)
        answer = self._scripted(op)
        if answer is None:
            return self._default(op, facts)
        if answer.stream is not None:
            for event in events_of(answer, facts):
                self._remember(event, facts)
            return ScriptedStream(answer, facts)
        return _whole(answer, facts)

    def _facts(self, op: str, params: dict[str, Any]) -> RequestFacts:
        if op in TURN_OPS:
            self._turns += 1
        content = (params.get("input") or {}).get("content") or []
        message = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
        thread_id = str(params.get("thread_id") or f"thr_{max(1, self._turns)}")
        return RequestFacts(op, message, thread_id, max(1, self._turns))

    def _scripted(self, op: str) -> Answer | None:
        key = "*" if op in STREAMING_OPS and op not in self._script.answers else op
        answers = self._script.answers.get(key)
        if answers is None:
            return None
        count = self._seen[key]
        self._seen[key] += 1
        return answers[min(count, len(answers) - 1)]

    def _remember(self, event: Any, facts: RequestFacts) -> None:
        if not isinstance(event, dict):
            return
        if event.get("type") == "thread.created" and isinstance(event.get("thread"), dict):
            self._titles[str(event["thread"].get("id"))] = event["thread"].get("title")
        item = event.get("item")
        known = self._titles.keys()
        thread_id = facts.thread_id if facts.thread_id in known or not known else next(reversed(known))
        items = self._items.setdefault(thread_id, {})
        if (
            event.get("type") == "thread.item.done"
            and isinstance(item, dict)
            and len(items) < MAX_REMEMBERED_ITEMS
        ):
            items[str(item.get("id"))] = item
        elif event.get("type") == "thread.item.removed":
            items.pop(str(event.get("item_id")), None)

    def _default(self, op: str, facts: RequestFacts) -> Response:
        if op in STREAMING_OPS:
            return JSONResponse({"error": f"this scenario scripts no answer to {op}"}, status_code=400)
        items = given_back(self._script.store, list(self._items.get(facts.thread_id, {}).values()))
        page = {"data": items, "has_more": False}
        thread = {"id": facts.thread_id, "created_at": "2026-01-01T00:00:00", "status": {"type": "active"}}
        defaults: dict[str, Callable[[], Any]] = {
            "threads.list": lambda: {
                "data": [thread | {"id": i, "title": title} for i, title in self._titles.items()],
                "has_more": False,
            },
            "threads.get_by_id": lambda: thread | {"items": page},
            "items.list": lambda: page,
        }
        return JSONResponse(defaults.get(op, dict)())


def _whole(answer: Answer, facts: RequestFacts) -> Response:
    if answer.text is not None:
        response: Response = PlainTextResponse(str(facts.fill(answer.text)), status_code=answer.status)
    elif "json_" in answer.model_fields_set:
        content = json.dumps(facts.fill(answer.json_)).encode()
        response = Response(content, answer.status, media_type="application/json")
    else:
        response = Response(b"", answer.status)
    response.headers.update(answer.headers)
    return _Delayed(response, answer.delay_ms) if answer.delay_ms else response


class _Delayed(Response):
    """Another response, after a while."""

    def __init__(self, inner: Response, delay_ms: int) -> None:
        super().__init__(status_code=inner.status_code)
        # What is added to these headers goes out with the other's.
        self.raw_headers = inner.raw_headers
        self._inner = inner
        self._delay_ms = delay_ms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._delay_ms / 1000)
        await self._inner(scope, receive, send)


class ScriptedStream(Response):
    """Writes a scripted stream piece by piece: one socket write each, real pauses, a real ending."""

    media_type = "text/event-stream"

    def __init__(self, answer: Answer, facts: RequestFacts) -> None:
        super().__init__(b"", status_code=answer.status)
        del self.headers["content-length"]
        self.headers["cache-control"] = "no-cache"
        for name, value in answer.headers.items():
            if value:
                self.headers[name] = value
            elif name in self.headers:
                del self.headers[name]
        self._answer = answer
        self._pieces = pieces(answer, facts)

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        if self._answer.delay_ms:
            await asyncio.sleep(self._answer.delay_ms / 1000)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        writing = asyncio.ensure_future(self._write(send))
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await asyncio.wait({writing, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not writing.done():
                writing.cancel()
        if writing.done() and not writing.cancelled():
            writing.result()

    async def _write(self, send: Send) -> None:
        held = bytearray()
        for piece in self._pieces:
            if self._answer.buffered and isinstance(piece, bytes):
                held += piece
                continue
            if held and isinstance(piece, Ending):
                await _write_piece(bytes(held), send)
            await _write_piece(piece, send)


async def _write_piece(piece: Piece, send: Send) -> None:
    match piece:
        case bytes():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            # The loop must have a turn to notice a page that is gone: asyncio logs what is sent to nobody.
            await asyncio.sleep(0)
        case Wait():
            await asyncio.sleep(piece.ms / 1000)
        case Ending(how="close"):
            await send({"type": "http.response.body", "body": b""})
        case Ending(how="cut"):
            raise ConnectionCut
        case Ending():
            await asyncio.Event().wait()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
