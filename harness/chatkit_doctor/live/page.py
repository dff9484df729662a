"""The live page: what happens in a session, shown beside it as it happens, on loopback."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from chatkit_doctor.engine.events import Progressed, RunStarted
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.recording.so_far import keep
from chatkit_doctor.report.document import render
from chatkit_doctor.report.session_page import SCRIPTS
from chatkit_doctor.report.subscriber import RunReported, Told
from chatkit_doctor.report.wording import notice

if TYPE_CHECKING:
    from chatkit_doctor.browser.silence import SoFar
    from chatkit_doctor.recording.reader import Recording

TEMPLATE: Final = "live.html.j2"
SCRIPT: Final = "live.js"
IDLE_SHARE: Final = 3.0
"""How many times as long as the last view took nothing is made of what has come: the session comes first."""
_GATHERED: Final = ("screenshots",)
"""Folders of a session with files that its recording names."""


class LivePage:
    """Serves one session's page on a free port, and is told of what happens in it.

    Who looks at it can have what has come so far kept as a recording, and end the session: ``end`` is called
    then, by a thread of the server's own. Raises UsageError when no port is available.
    """

    def __init__(self, title: str, end: Callable[[], None]) -> None:
        self._title = title
        self._end = end
        self._directory = Path()
        self._latest: SoFar | None = None
        self._kept = 0
        self._lock = threading.Lock()
        self._came = threading.Event()
        self._over = threading.Event()
        self._notice = ""
        self._state: dict[str, Any] = {"parts": {}, "turns": 0, "under_way": "", "answer": None}
        self._version = 0
        self._watchers: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._server = LoopbackServer(self._app(), name="live-page")
        self.url = f"http://localhost:{self._server.port}/"
        self._drawing = threading.Thread(target=self._draw, name="live-view", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()
        self._drawing.start()

    def on_event(self, event: Told) -> None:
        """Take notice of what has come."""
        match event:
            case RunStarted(directory=directory, runtime=runtime):
                self._directory = directory
                self._notice = "" if runtime is None else notice({"name": runtime.name})
            case Progressed(so_far=so_far):
                self._latest = so_far
                self._came.set()
            case RunReported(directory=directory):
                self._show({**self._state, "over": str(directory)})

    def close(self) -> None:
        """No more comes: who looks at the page keeps what it shows."""
        if self._over.is_set():
            return
        self._over.set()
        self._came.set()
        if self._drawing.ident is not None:
            self._drawing.join()
        self._server.stop()

    # What is shown

    def _draw(self) -> None:
        """Make the view of what has come, again and again."""
        while not self._over.is_set():
            self._came.wait()
            self._came.clear()
            so_far = self._latest
            if so_far is None:
                continue
            # Loaded when there is something to be judged.
            from chatkit_doctor.live.view import view_of

            begun = time.monotonic()
            view = view_of(so_far())
            self._show({**view, "over": self._state.get("over", "")})
            self._over.wait(IDLE_SHARE * (time.monotonic() - begun))

    def _show(self, state: dict[str, Any]) -> None:
        with self._lock:
            self._state, self._version = state, self._version + 1
            watchers = list(self._watchers.items())
        for news, loop in watchers:
            with suppress(RuntimeError):  # The server is being stopped.
                loop.call_soon_threadsafe(news.set)

    # Who looks

    def _app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)

        @app.get("/")
        async def page() -> Response:
            values = {"title": self._title, "notice": self._notice}
            html = render(TEMPLATE, values, scripts=(*SCRIPTS, SCRIPT), connects=True)
            return HTMLResponse(html, headers={"cache-control": "no-store", "x-frame-options": "DENY"})

        @app.get("/events")
        async def events() -> Response:
            return StreamingResponse(
                self._states(), media_type="text/event-stream", headers={"cache-control": "no-store"}
            )

        @app.post("/keep")
        async def kept(request: Request) -> Response:
            if not self._is_ours(request):
                return JSONResponse({"error": "not requested by this page"}, status_code=403)
            return await asyncio.to_thread(self._keep)

        @app.post("/end")
        async def end(request: Request) -> Response:
            if not self._is_ours(request):
                return JSONResponse({"error": "not requested by this page"}, status_code=403)
            self._end()
            return JSONResponse({})

        return app

    async def _states(self) -> AsyncIterator[str]:
        """What there is, and whatever takes its place."""
        news = asyncio.Event()
        with self._lock:
            self._watchers[news] = asyncio.get_running_loop()
        seen = -1
        try:
            while True:
                news.clear()
                with self._lock:
                    state, version = self._state, self._version
                if version != seen:
                    seen = version
                    yield f"data: {json.dumps(state)}\n\n"
                await news.wait()
        finally:
            with self._lock:
                del self._watchers[news]

    def _is_ours(self, request: Request) -> bool:
        """Whether the page itself asks: any other that is open in the browser may try to, too."""
        return request.headers.get("origin", "") + "/" == self.url

    def _keep(self) -> Response:
        """Keep what has come so far as a recording of its own."""
        so_far = self._latest
        if so_far is None:
            return JSONResponse({"error": "nothing has been recorded yet"}, status_code=409)
        with self._lock:
            self._kept += 1
            folder = self._directory / f"kept-{self._kept}"
        try:
            self._write(so_far(), folder)
        except OSError as error:
            said = f"cannot write it to {folder}: {error.strerror or error}"
            return JSONResponse({"error": said}, status_code=507)
        return JSONResponse({"folder": str(folder)})

    def _write(self, recording: Recording, folder: Path) -> None:
        keep(recording, folder)
        for name in _GATHERED:
            if (self._directory / name).is_dir():
                shutil.copytree(self._directory / name, folder / name)
