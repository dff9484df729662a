"""The control backend: a real ``ChatKitServer`` with a real store and an answer that is always the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import NotFoundError
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)
from starlette.responses import JSONResponse, Response, StreamingResponse

from chatkit_doctor.host.sqlite_store import SQLiteStore
from chatkit_doctor.scenario.backend import SdkBackend


class DeterministicServer(ChatKitServer[None]):
    """Replies with a fixed text, word by word, over a fixed time."""

    def __init__(self, store: SQLiteStore, reply: str, stream_ms: int) -> None:
        super().__init__(store)
        self._reply = reply
        self._stream_ms = stream_ms

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Stream one assistant message the way ``stream_agent_response`` does."""
        message = "".join(part.text for part in input_user_message.content) if input_user_message else ""
        reply = self._reply.replace("${message}", message)
        item = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),  # noqa: DTZ005 - naive local time, as the SDK itself writes it
            content=[],
        )

        def updated(update: Any) -> ThreadItemUpdatedEvent:
            return ThreadItemUpdatedEvent(item_id=item.id, update=update)

        yield ThreadItemAddedEvent(item=item)
        yield updated(
            AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text=""))
        )
        words = reply.split(" ")
        for index, word in enumerate(words):
            await asyncio.sleep(self._stream_ms / len(words) / 1000)
            delta = word if index == len(words) - 1 else f"{word} "
            yield updated(AssistantMessageContentPartTextDelta(content_index=0, delta=delta))
        content = AssistantMessageContent(text=reply)
        yield updated(AssistantMessageContentPartDone(content_index=0, content=content))
        yield ThreadItemDoneEvent(item=item.model_copy(update={"content": [content]}))


class ControlBackend:
    """Serves the operations of one session from its own database."""

    def __init__(self, settings: SdkBackend) -> None:
        self._store = SQLiteStore()
        self._server = DeterministicServer(self._store, settings.reply, settings.stream_ms)

    async def answer(self, body: dict[str, Any]) -> Response:
        """The response of the real server to one operation."""
        try:
            result = await self._server.process(json.dumps(body), None)
        except NotFoundError as error:
            return JSONResponse({"error": f"not found: {error}"}, status_code=404)
        if isinstance(result, StreamingResult):
            return StreamingResponse(
                result, media_type="text/event-stream", headers={"cache-control": "no-cache"}
            )
        return Response(result.json, media_type="application/json")

    def close(self) -> None:
        """Close the database."""
        self._store.close()
