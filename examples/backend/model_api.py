"""A stand-in for the model's API: as much of the Responses API, streamed, as the Agents SDK asks for."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Final, Literal

from fastapi import FastAPI
from pydantic import BaseModel
from starlette.responses import StreamingResponse

MODEL: Final = "stand-in"
DELTA_S: Final = 0.03
"""Seconds between two words."""


class Part(BaseModel):
    """A part of a message."""

    type: str
    text: str = ""


class Message(BaseModel):
    """A message of the conversation so far."""

    role: Literal["user", "assistant", "system", "developer"]
    content: str | list[Part]

    @property
    def text(self) -> str:
        """What it says."""
        parts = self.content if isinstance(self.content, list) else [Part(type="text", text=self.content)]
        return "".join(part.text for part in parts)


class Request(BaseModel):
    """What is asked of the model; everything else in it is left aside."""

    input: str | list[Message]

    @property
    def question(self) -> str:
        """The last message of the user."""
        if isinstance(self.input, str):
            return self.input
        return next((each.text for each in reversed(self.input) if each.role == "user"), "")


def model_api() -> FastAPI:
    """The API, at ``/v1``."""
    app = FastAPI(openapi_url=None)

    @app.post("/v1/responses")
    async def responses(request: Request) -> StreamingResponse:
        return StreamingResponse(_streamed(request.question), media_type="text/event-stream")

    return app


async def _streamed(question: str) -> AsyncIterator[str]:
    for number, event in enumerate(_events(question)):
        if event["type"] == "response.output_text.delta":
            await asyncio.sleep(DELTA_S)
        yield f"event: {event['type']}\ndata: {json.dumps({**event, 'sequence_number': number})}\n\n"


def _events(question: str) -> Iterator[dict[str, object]]:
    """The events of one answer: three open tasks, whatever is asked."""
    message = {"id": f"msg_{uuid.uuid4().hex}", "type": "message", "role": "assistant"}
    place = {"output_index": 0, "content_index": 0, "item_id": message["id"]}
    text = f'You asked: "{question}" There are three open tasks: buy milk, call Ann, and read a book.'
    done = {"type": "output_text", "text": text, "annotations": []}
    whole: dict[str, object] = {**message, "status": "completed", "content": [done]}
    yield {"type": "response.created", "response": _response("in_progress", [])}
    begun = {**message, "status": "in_progress", "content": []}
    yield {"type": "response.output_item.added", "output_index": 0, "item": begun}
    yield {"type": "response.content_part.added", **place, "part": {**done, "text": ""}}
    for index, word in enumerate(text.split(" ")):
        delta = word if index == 0 else f" {word}"
        yield {"type": "response.output_text.delta", **place, "delta": delta, "logprobs": []}
    yield {"type": "response.output_text.done", **place, "text": text, "logprobs": []}
    yield {"type": "response.content_part.done", **place, "part": done}
    yield {"type": "response.output_item.done", "output_index": 0, "item": whole}
    yield {"type": "response.completed", "response": _response("completed", [whole])}


def _response(status: str, output: list[dict[str, object]]) -> dict[str, object]:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1_770_800_000,
        "model": MODEL,
        "status": status,
        "output": output,
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": 1,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 1,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 2,
        },
    }
