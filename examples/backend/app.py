"""The backends of both examples, side by side: the repaired one, and those that were written by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response, StreamingResponse

from chatkit_doctor.host.sqlite_store import SQLiteStore
from examples.backend.assistant import assistant, deltas
from examples.backend.attempts import STREAMS, Turn
from examples.backend.chatkit_backend import TasksServer
from examples.backend.conversations import Conversations
from examples.backend.model_api import model_api
from examples.backend.tokens import user_of

_NO_THREADS: Final = {"data": [], "has_more": False}


@dataclass(frozen=True, slots=True)
class Settings:
    """How it is set up."""

    port: int
    folder: Path
    """For the databases."""
    secret: str
    """What the tokens are signed with."""
    pages: Path | None = None
    """A built page of Vite that is served from here, too, at ``/react/``."""


class ChatRequest(BaseModel):
    """What the page of the report makes of ChatKit's requests."""

    message: str = Field(min_length=1)
    conversation_id: int | None = None


def backend(settings: Settings) -> FastAPI:
    """An application with these endpoints.

    ``/chatkit`` and ``/login/chatkit`` are the repaired backend, without and with a token.
    ``/ATTEMPT/USER/chat`` wants a token and a ``ChatRequest``; ``/ATTEMPT/chatkit`` takes ChatKit's own
    requests. ``/model`` is what the agent takes for the model's API.
    """
    agent = assistant(f"http://127.0.0.1:{settings.port}/model/v1")
    store = SQLiteStore(settings.folder / "chatkit.sqlite")
    conversations = Conversations(settings.folder / "conversations.sqlite")
    server = TasksServer(store, agent)

    def streamed(attempt: str, user: str, message: str, conversation: int | None) -> Response:
        if attempt not in STREAMS:
            raise HTTPException(404)
        is_first = conversation is None
        number = conversations.begin(user) if conversation is None else conversation
        turn_number = conversations.add(number, "user", message)
        said = deltas(agent, conversations.messages(number))
        turn = Turn(number, turn_number, is_first, message, _kept(said, conversations, number))
        return StreamingResponse(STREAMS[attempt](turn), media_type="text/event-stream")

    app = FastAPI(openapi_url=None)
    app.add_middleware(
        CORSMiddleware, allow_origin_regex=r"http://localhost:\d+", allow_methods=["*"], allow_headers=["*"]
    )

    @app.post("/chatkit")
    async def chatkit(request: Request) -> Response:
        return await server.answer(request)

    @app.post("/login/chatkit")
    async def chatkit_for_users(request: Request, authorization: Annotated[str, Header()] = "") -> Response:
        user_of(authorization, settings.secret)
        return await server.answer(request)

    @app.post("/{attempt}/chatkit")
    async def direct(attempt: str, request: Request) -> Response:
        asked = await request.json()
        match asked:
            case {"type": "threads.create", "params": {"input": message}}:
                return streamed(attempt, "anybody", _text(message), None)
            case {"type": "threads.add_user_message", "params": {"input": message, "thread_id": thread}}:
                return streamed(attempt, "anybody", _text(message), int(thread))
            case {"type": "threads.list"}:
                return JSONResponse(_NO_THREADS)
            case _:
                raise HTTPException(404, f"there is nothing for {asked.get('type')} here")

    @app.post("/{attempt}/{user}/chat")
    async def rewritten(
        attempt: str, user: str, asked: ChatRequest, authorization: Annotated[str, Header()] = ""
    ) -> Response:
        if user != user_of(authorization, settings.secret):
            raise HTTPException(403, "this is somebody else's chat")
        return streamed(attempt, user, asked.message, asked.conversation_id)

    app.mount("/model", model_api())
    if settings.pages is not None:
        app.mount("/react", StaticFiles(directory=settings.pages, html=True))
    return app


def _text(message: dict[str, Any]) -> str:
    return "".join(part.get("text", "") for part in message["content"])


async def _kept(
    said: AsyncIterator[str], conversations: Conversations, conversation: int
) -> AsyncIterator[str]:
    """The pieces of a reply, which is stored once it is whole."""
    text = ""
    async for delta in said:
        text += delta
        yield delta
    conversations.add(conversation, "assistant", text)
