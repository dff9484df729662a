"""A chat backend in one file, which speaks ChatKit by openai-chatkit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from chatkit.server import ChatKitServer, StreamingResult
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)
from fastapi import FastAPI, Request
from starlette.responses import Response, StreamingResponse

from chatkit_doctor.host.sqlite_store import SQLiteStore

PATH = "/api/chatkit"


class Tasks(ChatKitServer[None]):
    """Answers every message with the same sentence."""

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        """One assistant message."""
        yield ThreadItemDoneEvent(
            item=AssistantMessageItem(
                id=self.store.generate_item_id("message", thread, context),
                thread_id=thread.id,
                created_at=datetime.now(UTC),
                content=[AssistantMessageContent(text="You have three open tasks.")],
            )
        )


def made() -> FastAPI:
    """The application, with a store of its own."""
    api, server = FastAPI(), Tasks(SQLiteStore())

    @api.post(PATH)
    async def chatkit(request: Request) -> Response:
        result = await server.process(await request.body(), None)
        if isinstance(result, StreamingResult):
            return StreamingResponse(result, media_type="text/event-stream")
        return Response(result.json, media_type="application/json")

    return api
