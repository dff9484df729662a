"""A backend played from a scenario: exact bytes, delays and faults, over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from chatkit_doctor.host.body import PiecewiseResponse
from chatkit_doctor.host.frames import RequestFacts, events_of, pieces
from chatkit_doctor.host.thread_memory import ThreadMemory
from chatkit_doctor.scenario.backend import Answer, ScriptBackend
from chatkit_doctor.vocabulary import STREAMING_OPS, TURN_OPS

EVENT_STREAM: Final = "text/event-stream; charset=utf-8"
"""The content type of a stream, unless the script sets another."""


class ScriptedBackend:
    """Answers ChatKit operations from a script; remembers the items it sent, so that a reload works."""

    def __init__(self, script: ScriptBackend) -> None:
        self._script = script
        self._seen: Counter[str] = Counter()
        self._turns = 0
        self._memory = ThreadMemory()

    async def answer(self, body: dict[str, Any]) -> Response:
        """The response to one operation."""
        op = str(body.get("type", ""))
        given = body.get("params")
        params: dict[str, Any] = given if isinstance(given, dict) else {}
        facts = self._facts(op, params)
        answer = self._scripted(op)
        if answer is None and op in STREAMING_OPS:
            return JSONResponse({"error": f"this scenario scripts no answer to {op}"}, status_code=400)
        if answer is None:
            return self._memory.answer(op, facts.thread_id, self._script.store)
        if answer.stream is not None:
            for event in events_of(answer, facts):
                self._memory.remember(event, facts.thread_id)
            return _streamed(answer, facts)
        return _whole(answer, facts)

    async def file(self, _file_id: str, _request: Request, /) -> Response:
        """The response in the script, for every upload; 200 if the script has none."""
        if self._script.upload is None:
            return Response(status_code=200)
        return _whole(self._script.upload, RequestFacts("", "", "", 1))

    def close(self) -> None:
        """Nothing to release."""

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


def _streamed(answer: Answer, facts: RequestFacts) -> Response:
    """A scripted stream; headers with an empty value are omitted."""
    headers = Headers({"content-type": EVENT_STREAM, "cache-control": "no-cache"}).mutablecopy()
    for name, value in answer.headers.items():
        if value:
            headers[name] = value
        elif name in headers:
            del headers[name]
    return PiecewiseResponse(
        answer.status,
        headers.raw,
        pieces(answer, facts),
        delay_ms=answer.delay_ms,
        buffered=answer.buffered,
    )
