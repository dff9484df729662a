"""A page with a component before a backend that answers as it is told, and remembers what it was asked."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import BrowserContext, Frame, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.runtime.runtime import LOADER_URL
from tests.chatkit_events import Event, created, done, reply, user

LIMIT_MS: Final = 10_000
EVENTS: Final = ("error", "thread.change", "tool.change")
PAGE: Final = """<!doctype html>
<script src="%s"></script>
<openai-chatkit style="display:block;width:500px;height:700px"></openai-chatkit>
<script>
  const told = [];
  addEventListener("DOMContentLoaded", () => customElements.whenDefined("openai-chatkit").then(() => {
    const element = document.querySelector("openai-chatkit");
    for (const name of %s) element.addEventListener("chatkit." + name, ({ detail }) =>
      told.push([name, detail.error ? `${detail.error.name}: ${detail.error.message}` : detail]));
    element.setOptions(%s);
  }));
</script>"""

PICTURE: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)

Answer = Event | list[Event] | int
"""JSON, a stream, or the status of a failure."""


class Stage:
    """The backend's part, and the page of one test."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Any]] = []
        self.options: dict[str, Any] = {}
        self.page: Page
        self.frame: Frame
        self._turn = 0
        routes = [
            Route("/", self._page),
            Route("/chatkit", self._chatkit, methods=["POST"]),
            Route("/{way:path}", self._file, methods=["GET", "PUT", "POST"]),
        ]
        self._server = LoopbackServer(Starlette(routes=routes), name="stage")

    @property
    def origin(self) -> str:
        return f"http://localhost:{self._server.port}"

    async def _page(self, _request: Request) -> Response:
        options = {
            **self.options,
            "api": {"url": "/chatkit", "domainKey": "k", **self.options.get("api", {})},
        }
        return HTMLResponse(PAGE % (LOADER_URL, json.dumps(EVENTS), json.dumps(options)))

    async def _chatkit(self, request: Request) -> Response:
        body = await request.json()
        op, params = body["type"], body.get("params", {})
        if op != "threads.list":
            self.asked.append((op, params))
        found = self.answers.get(op, self._usual(op, params))
        if isinstance(found, int):
            return Response("{}", found)
        if isinstance(found, dict):
            return JSONResponse(found)
        stream = "".join(f"data: {json.dumps(event)}\n\n" for event in found)
        return Response(stream, media_type="text/event-stream")

    def file(self, name: str) -> Event:
        """An attachment as the backend knows it: a picture, or a document."""
        descriptor = {"url": f"/put/{name}", "method": "PUT", "headers": {"x-key": "k"}}
        base = {"id": name, "name": name, "upload_descriptor": descriptor}
        if name.endswith(".png"):
            preview = f"{self.origin}/preview"
            return {**base, "type": "image", "mime_type": "image/png", "preview_url": preview}
        return {**base, "type": "file", "mime_type": "text/plain"}

    def _usual(self, op: str, params: Event) -> Answer:
        """A healthy answer; the ids of a turn are numbered."""
        if op == "threads.list":
            return {"data": [], "has_more": False}
        if op not in ("threads.create", "threads.add_user_message"):
            return {}
        self._turn += 1
        said = params["input"]
        text = "".join(each["text"] for each in said["content"])
        attachments = [self.file(each) for each in said["attachments"]]
        asked = done(user(text, f"u{self._turn}", attachments=attachments))
        start = [created(f"thr_{self._turn}")] if op == "threads.create" else []
        return [*start, asked, done(reply(f"Answer to {text}", f"a{self._turn}"))]

    async def _file(self, request: Request) -> Response:
        way = request.path_params["way"]
        if request.method == "GET":
            return Response(PICTURE, media_type="image/png") if way == "preview" else Response("", 404)
        body = await request.body()
        self.asked.append((f"{request.method} /{way}", (request.headers.get("content-type", ""), body)))
        found = self.answers.get(way, {})
        return Response("", found) if isinstance(found, int) else JSONResponse(found)

    @contextmanager
    def open(self, context: BrowserContext, options: dict[str, Any]) -> Iterator[None]:
        """The page, with the composer to be seen."""
        self.options = options
        self.page = context.new_page()
        self.page.set_default_timeout(LIMIT_MS)
        self.page.goto(self.origin)
        self.page.frame_locator("iframe").get_by_role("textbox").wait_for()
        (self.frame,) = (each for each in self.page.frames if each.parent_frame)
        yield
        self.page.close()

    @contextmanager
    def served(self) -> Iterator[None]:
        """The backend, reachable."""
        self._server.start()
        yield
        self._server.stop()

    def say(self, text: str) -> None:
        """Write a message, send it, and wait for the end of the answer."""
        self.frame.get_by_role("textbox").press_sequentially(text)
        self.frame.get_by_role("textbox").press("Enter")
        self.settle()

    def settle(self) -> None:
        """Wait until the composer can be used, with the turn over."""
        responding = self.frame.locator('#chatkit-thread-container[data-responding="false"]')
        responding.wait_for(state="attached")

    def press(self, name: str, nth: int = 0) -> None:
        """Click a button by its name; the nth from the end where it is negative."""
        self.frame.get_by_role("button", name=name, exact=True).nth(nth).click()

    def until(self, is_so: Callable[[], object]) -> None:
        """Wait for what the backend, or the page, is to have seen."""
        for _ in range(LIMIT_MS // 20):
            if is_so():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"asked so far: {self.asked}; told: {self.told()}")

    def request(self, op: str) -> Any:
        """The params of the last request of this kind, once there is one."""
        self.until(lambda: any(name == op for name, _ in self.asked))
        return [params for name, params in self.asked if name == op][-1]

    def told(self) -> list[Any]:
        """The events that the page got."""
        events: list[Any] = self.page.evaluate("told")
        return events

    def shows(self, *texts: str) -> None:
        """Wait until the component shows these."""
        for text in texts:
            expect(self.frame.get_by_text(text, exact=True).first).to_be_visible()
