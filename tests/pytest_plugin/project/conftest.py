"""Somebody's project with a chat: an application that answers whatever is sent with what it knows of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.chatkit_events import created, done, reply, user

PAGE = """<!doctype html>
<script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script>
<openai-chatkit style="display: block; width: 420px; height: 600px"></openai-chatkit>
<script type="module">
  await customElements.whenDefined("openai-chatkit");
  document.querySelector("openai-chatkit").setOptions({
    api: {
      url: "/chatkit", domainKey: "local-dev",
      fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, "x-width": innerWidth } }),
    },
  });
</script>"""


def application() -> Starlette:
    """Begins when it is told to, and says so in each reply."""
    began: list[str] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        began.append("started")
        yield

    async def page(_request: Request) -> Response:
        return HTMLResponse(PAGE)

    async def chatkit(request: Request) -> Response:
        asked = await request.json()
        if asked["type"] == "threads.list":
            return JSONResponse({"data": [], "has_more": False})
        text = asked["params"]["input"]["content"][0]["text"]
        known = [
            *began,
            request.cookies.get("login", "nobody"),
            request.headers.get("x-team", "no team"),
            request.headers.get("x-width", "any width"),
        ]
        return StreamingResponse(said(text, " · ".join(known)), media_type="text/event-stream")

    return Starlette(
        routes=[Route("/page", page), Route("/chatkit", chatkit, methods=["POST"])], lifespan=lifespan
    )


async def said(text: str, known: str) -> AsyncIterator[str]:
    """A good first turn, unless something else is wanted."""
    for event in (created(), done(user(text)), done(reply(known))):
        if text == "hang" and event["type"] == "thread.item.done":
            await asyncio.sleep(60)
        yield f"data: {json.dumps(event)}\n\n"


@pytest.fixture
def chatkit_backend() -> Starlette:
    """One for each test."""
    return application()
