"""``check`` of backends that are meant for pages of their own origin, or of one other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from starlette.responses import Response

from chatkit_doctor import api
from chatkit_doctor.host.control import ControlBackend
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.results import SessionResult
from chatkit_doctor.scenario.backend import SdkBackend


@contextmanager
def serving(allowed: str = "") -> Iterator[str]:
    """A good backend that says nothing of CORS, or allows one origin; its URL."""
    app = FastAPI(openapi_url=None)
    backend = ControlBackend(SdkBackend(stream_ms=150))

    @app.post("/chatkit")
    async def chatkit(request: Request) -> Response:
        return await backend.answer(await request.json())

    if allowed:
        app.add_middleware(CORSMiddleware, allow_origins=[allowed], allow_methods=["*"], allow_headers=["*"])
    server = LoopbackServer(app, name="backend")
    server.start()
    try:
        yield f"http://localhost:{server.port}/chatkit"
    finally:
        server.stop()


def checked(url: str, folder: Path, origin: str | None = None) -> SessionResult:
    return asyncio.run(
        api.check(url, messages=["Hello"], origin=origin, runtime="reference", trace=False, output=folder)
    )


@pytest.mark.browser
def test_a_backend_that_says_nothing_of_cors_is_checked_on_its_own_origin(tmp_path: Path) -> None:
    with serving() as url:
        report = checked(url, tmp_path).report
    assert (report.verdict, report.warnings) == ("pass", [])
    (note,) = report.target["notes"]
    assert url.removesuffix("/chatkit") in note


@pytest.mark.browser
def test_the_origin_that_is_allowed_can_be_used_while_its_port_is_taken(tmp_path: Path) -> None:
    with serving() as page, serving(page.removesuffix("/chatkit")) as url:
        report = checked(url, tmp_path, origin=page.removesuffix("/chatkit")).report
    assert (report.verdict, report.warnings) == ("pass", [])
