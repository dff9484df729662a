"""A ChatKit backend that answers as the repaired conversation does.

Start it with ``python -m uvicorn --app-dir THIS_FOLDER server:app --port 8000``. It needs openai-chatkit and
uvicorn. What is said stands in ``replies.json``; more messages than replies get the last one again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from chatkit.actions import Action
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import NotFoundError
from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem, WidgetItem
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from chatkit_doctor.host.sqlite_store import SQLiteStore

EVENT: TypeAdapter[ThreadStreamEvent] = TypeAdapter(ThreadStreamEvent)
BETWEEN_EVENTS_S = 0.02


@cache
def threads() -> list[list[list[dict[str, Any]]]]:
    """Of each thread its replies, and of each reply the events."""
    written = Path(__file__).with_name("replies.json").read_text(encoding="utf-8")
    return cast("list[list[list[dict[str, Any]]]]", json.loads(written))


class RepairedServer(ChatKitServer[None]):
    """The SDK creates the thread, confirms the message, and stores; what is replied comes from here."""

    def __init__(self, store: SQLiteStore) -> None:
        super().__init__(store)
        self._scripts: dict[str, list[list[dict[str, Any]]]] = {}
        self._replied: dict[str, int] = {}

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Stream the next reply of the thread."""
        script = self._scripts.setdefault(thread.id, threads()[len(self._scripts) % len(threads())])
        number = self._replied.get(thread.id, 0)
        self._replied[thread.id] = number + 1
        for event in script[min(number, len(script) - 1)]:
            await asyncio.sleep(BETWEEN_EVENTS_S)
            yield _event(event, thread, again=max(0, number + 1 - len(script)))

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Answer what a widget does like a message."""
        async for event in self.respond(thread, None, context):
            yield event


def _event(event: dict[str, Any], thread: ThreadMetadata, again: int) -> ThreadStreamEvent:
    """The event with ids that are unique in all threads, however often a reply is given."""

    def unique(name: str) -> str:
        return f"{name}-{again}-{thread.id}"

    if "item_id" in event:
        event = {**event, "item_id": unique(event["item_id"])}
    if "item" in event:
        now = datetime.now(UTC).isoformat()
        own = {"id": unique(event["item"]["id"]), "thread_id": thread.id}
        event = {**event, "item": {**event["item"], **own, "created_at": now}}
    return EVENT.validate_python(event)


SERVER = RepairedServer(SQLiteStore())


async def chatkit(request: Request) -> Response:
    """Everything that the component asks for."""
    try:
        result = await SERVER.process(await request.body(), None)
    except NotFoundError as error:
        return JSONResponse({"error": str(error)}, status_code=404)
    if isinstance(result, StreamingResult):
        return StreamingResponse(result, media_type="text/event-stream")
    return Response(result.json, media_type="application/json")


app = Starlette(
    routes=[Route("/chatkit", chatkit, methods=["POST"])],
    middleware=[
        Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]),
    ],
)
