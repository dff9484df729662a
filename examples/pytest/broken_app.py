"""The same backend with its events written by hand, after another API: the component does not know them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request
from starlette.responses import Response, StreamingResponse

PATH = "/api/chatkit"


def made() -> FastAPI:
    """The application; it stores nothing."""
    api = FastAPI()

    @api.post(PATH)
    async def chatkit(request: Request) -> Response:
        if json.loads(await request.body())["type"] == "threads.list":
            return Response('{"data": [], "has_more": false}', media_type="application/json")
        return StreamingResponse(_invented(), media_type="text/event-stream")

    return api


async def _invented() -> AsyncIterator[str]:
    for event in (
        {"type": "thread.created", "thread": {"id": "123"}},
        {"type": "response.created", "response": {"id": "resp_123", "status": "in_progress"}},
        {"type": "response.output_text.delta", "item_id": "item_123", "delta": "You have three open tasks."},
        {"type": "response.completed", "response": {"id": "resp_123", "status": "completed"}},
    ):
        yield f"data: {json.dumps(event)}\n\n"
