"""A stand-in for the CDN on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chatkit_doctor.loopback import LoopbackServer


class Cdn:
    """It serves files by URL path; what it has can be changed, and it knows what it was asked."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = dict(files)
        self.asked: list[str] = []
        self.absent = Response(status_code=404)
        self.hangs = ""
        app = Starlette(routes=[Route("/{path:path}", self._answer)])
        self.server = LoopbackServer(app, name="cdn")
        self.origin = f"http://localhost:{self.server.port}"

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        self.asked.append(path)
        if path == self.hangs:
            await asyncio.Event().wait()
        data = self.files.get(path)
        return self.absent if data is None else Response(data)


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Cdn]:
    cdn = Cdn(files)
    cdn.server.start()
    try:
        yield cdn
    finally:
        cdn.server.stop()
