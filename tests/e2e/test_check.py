"""``check`` against backends as users write them: another origin, with and without CORS or a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response

from chatkit_doctor.host.control import ControlBackend
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.scenario.backend import SdkBackend
from chatkit_doctor.scenario.check import backend_check
from tests.session_runner import SessionRunner

TOKEN = "Bearer let-me-in-please"
Serve = Callable[..., str]


def application(*, cors: bool, token: bool, list_status: int) -> FastAPI:
    app = FastAPI(openapi_url=None)
    backend = ControlBackend(SdkBackend(stream_ms=150))

    @app.post("/chatkit")
    async def chatkit(request: Request) -> Response:
        if token and request.headers.get("authorization") != TOKEN:
            return JSONResponse({"detail": "Not authenticated"}, status_code=401)
        body = await request.json()
        if body["type"] == "threads.list" and list_status != 200:
            return Response(status_code=list_status)
        return await backend.answer(body)

    if cors:
        app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
    return app


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a backend on a port of its own and gives its URL."""
    servers: list[LoopbackServer] = []

    def start(*, cors: bool = True, token: bool = False, list_status: int = 200) -> str:
        app = application(cors=cors, token=token, list_status=list_status)
        server = LoopbackServer(app, name="backend")
        servers.append(server)
        server.start()
        return f"http://localhost:{server.port}/chatkit"

    yield start
    for server in servers:
        server.stop()


def check(
    session_runner: SessionRunner, url: str, folder: Path, headers: Mapping[str, str] | None = None
) -> ReportModel:
    return session_runner.diagnose(backend_check(url, headers or {}, [], turn_ms=10_000), folder)


@pytest.mark.browser
def test_a_good_backend_of_another_origin_passes(
    serve: Serve, session_runner: SessionRunner, tmp_path: Path
) -> None:
    report = check(session_runner, serve(), tmp_path)
    assert (report.verdict, report.symptoms, report.warnings) == ("pass", [], [])


@pytest.mark.browser
def test_the_reload_is_part_of_the_check(serve: Serve, reference: SessionRunner, tmp_path: Path) -> None:
    report = check(reference, serve(), tmp_path)
    assert report.layers["persistence"] == "ok"


@pytest.mark.browser
def test_a_backend_without_cors_is_told_what_is_missing(
    serve: Serve, session_runner: SessionRunner, tmp_path: Path
) -> None:
    report = check(session_runner, serve(cors=False), tmp_path)
    assert report.cause is not None
    assert (report.verdict, report.cause.id) == ("fail", "cors-blocked")


@pytest.mark.browser
def test_missing_credentials_are_named(serve: Serve, session_runner: SessionRunner, tmp_path: Path) -> None:
    report = check(session_runner, serve(token=True), tmp_path)
    assert report.cause is not None
    assert (report.verdict, report.cause.id) == ("fail", "auth-rejected")


@pytest.mark.browser
def test_a_header_lets_the_check_in(serve: Serve, session_runner: SessionRunner, tmp_path: Path) -> None:
    report = check(session_runner, serve(token=True), tmp_path, {"Authorization": TOKEN})
    assert report.verdict == "pass"


@pytest.mark.browser
def test_a_broken_history_is_a_warning_and_no_failure(
    serve: Serve, session_runner: SessionRunner, tmp_path: Path
) -> None:
    report = check(session_runner, serve(list_status=500), tmp_path)
    assert report.verdict == "pass"
    assert [cause.id for cause in report.warnings] == ["threads-list-invalid"]
