"""The control backend: a real ``ChatKitServer`` with a real store and a fixed reply."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Final

from chatkit.actions import Action
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import NotFoundError
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    AudioInput,
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    SyncCustomActionResponse,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    TranscriptionResult,
    UserMessageItem,
    WidgetItem,
)
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from chatkit_doctor.host.attachments import MAX_FILE_BYTES, FileAttachments
from chatkit_doctor.host.sqlite_store import SQLiteStore
from chatkit_doctor.scenario.backend import SdkBackend
from chatkit_doctor.temporary import owned_folder

SPOKEN: Final = "What was spoken"
"""The transcription of every dictation."""


class DeterministicServer(ChatKitServer[None]):
    """Replies with a fixed text, word by word, over a fixed time, or with a widget or questions."""

    def __init__(self, store: SQLiteStore, settings: SdkBackend, files: FileAttachments | None) -> None:
        super().__init__(store, files)
        self._settings = settings
        self._turns = 0

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        """One reply, of the kind configured for this turn."""
        kinds = self._settings.replies
        kind = kinds[self._turns] if self._turns < len(kinds) else "text"
        self._turns += 1
        if kind == "widget":
            yield ThreadItemDoneEvent(item=self._item(WidgetItem, thread, widget=_card("Not yet saved")))
        elif kind == "questions":
            asked = self._item(StructuredInputItem, thread, status="pending", inputs=_questions())
            yield ThreadItemDoneEvent(item=asked)
        else:
            message = "".join(part.text for part in input_user_message.content) if input_user_message else ""
            async for event in self._text(thread, self._settings.reply.replace("${message}", message)):
                yield event

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: None
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Reply with the action received and its payload."""
        said = f"{action.type} {json.dumps(action.payload)}" if action.payload else action.type
        async for event in self._text(thread, f"Done: {said}"):
            yield event

    async def sync_action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: None
    ) -> SyncCustomActionResponse:
        """The widget, which then says that it is saved."""
        if sender is None:
            return SyncCustomActionResponse()
        saved = WidgetItem.model_validate(sender.model_dump() | {"widget": _card("Saved")})
        return SyncCustomActionResponse(updated_item=saved)

    async def transcribe(self, audio_input: AudioInput, context: None) -> TranscriptionResult:
        """The same text, whatever was said."""
        return TranscriptionResult(text=SPOKEN)

    def _item(self, kind: type[Any], thread: ThreadMetadata, **fields: Any) -> Any:
        return kind(
            id=self.store.generate_item_id("message", thread, None),
            thread_id=thread.id,
            created_at=datetime.now(),  # noqa: DTZ005 - naive local time, as the SDK itself writes it
            **fields,
        )

    async def _text(self, thread: ThreadMetadata, reply: str) -> AsyncIterator[ThreadStreamEvent]:
        """Stream one assistant message the way ``stream_agent_response`` does."""
        item: AssistantMessageItem = self._item(AssistantMessageItem, thread, content=[])

        def updated(update: Any) -> ThreadItemUpdatedEvent:
            return ThreadItemUpdatedEvent(item_id=item.id, update=update)

        yield ThreadItemAddedEvent(item=item)
        yield updated(
            AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text=""))
        )
        words = reply.split(" ")
        for index, word in enumerate(words):
            await asyncio.sleep(self._settings.stream_ms / len(words) / 1000)
            delta = word if index == len(words) - 1 else f"{word} "
            yield updated(AssistantMessageContentPartTextDelta(content_index=0, delta=delta))
        content = AssistantMessageContent(text=reply)
        yield updated(AssistantMessageContentPartDone(content_index=0, content=content))
        yield ThreadItemDoneEvent(item=item.model_copy(update={"content": [content]}))


def _card(state: str) -> dict[str, Any]:
    """A widget with a control of each kind that leads to an operation."""
    ask = {"type": "ask", "handler": "client"}
    children = [
        {"type": "Text", "value": state},
        {"type": "Button", "label": "Confirm", "onClickAction": {"type": "confirm", "payload": {"id": 7}}},
        {"type": "Button", "label": "Save", "onClickAction": {"type": "save", "streaming": False}},
        {"type": "Button", "label": "Ask the page", "onClickAction": ask},
        {
            "type": "Form",
            "onSubmitAction": {"type": "submit"},
            "children": [
                {"type": "Input", "name": "name"},
                {"type": "Button", "label": "Send the form", "submit": True},
            ],
        },
    ]
    return {"type": "Card", "children": children}


def _questions() -> list[Any]:
    """One of each kind."""
    options = [StructuredInputMultipleChoiceOption(value=value) for value in ("Red", "Blue")]
    return [
        StructuredInputFreeform(id="name", question="What is your name?"),
        StructuredInputMultipleChoice(id="colour", question="Which colour?", options=options),
    ]


class ControlBackend:
    """Serves the operations of one session from its own database.

    ``files_url`` is where the host takes attached files for it; without one it has no attachments.
    """

    def __init__(self, settings: SdkBackend, files_url: str = "") -> None:
        self._stack = ExitStack()
        self._store = SQLiteStore()
        self._stack.callback(self._store.close)
        self._files: FileAttachments | None = None
        if files_url:
            folder = self._stack.enter_context(owned_folder("attachments"))
            self._files = FileAttachments(self._store, folder, files_url)
        self._server = DeterministicServer(self._store, settings, self._files)

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

    async def file(self, file_id: str, request: Request, /) -> Response:
        """Store or return a file."""
        if self._files is None:
            return JSONResponse({"error": "this backend takes no files"}, status_code=404)
        try:
            if request.method == "GET":
                mime_type, content = await self._files.read(file_id)
                return Response(content, media_type=mime_type)
            if file_id:
                await self._files.put(file_id, await request.body())
                return Response(status_code=200)
            async with request.form(max_files=1, max_part_size=MAX_FILE_BYTES) as form:
                upload = form.get("file")
                if not isinstance(upload, UploadFile):
                    return JSONResponse({"error": "the form has no file in it"}, status_code=400)
                name, mime = upload.filename or "file", upload.content_type or "application/octet-stream"
                taken = await self._files.take(name, mime, await upload.read())
                return Response(taken.model_dump_json(), media_type="application/json")
        except (NotFoundError, OSError) as error:
            return JSONResponse({"error": f"not found: {error}"}, status_code=404)

    def close(self) -> None:
        """Close the database, and remove the attached files."""
        self._stack.close()
