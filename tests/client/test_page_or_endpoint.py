"""What a URL leads to is told by how it answers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from chatkit_doctor.certificate import LoopbackCertificate
from chatkit_doctor.client.page_or_endpoint import Found, Kind, find_out
from chatkit_doctor.errors import TargetError, UsageError
from chatkit_doctor.loopback import LoopbackServer

ASKED: list[str] = []


LISTED = JSONResponse({"data": [], "has_more": False})
NOT_ALLOWED = JSONResponse({"detail": "Method Not Allowed"}, status_code=405)
ANSWERS: dict[str, tuple[Response, Response]] = {
    "page": (HTMLResponse("<h1>Chat</h1>"), NOT_ALLOWED),
    "elsewhere": (RedirectResponse("/page"), NOT_ALLOWED),
    "fastapi": (NOT_ALLOWED, LISTED),
    "express": (HTMLResponse("Cannot GET /chatkit", status_code=404), LISTED),
    "broken-page": (HTMLResponse("<h1>Error</h1>", status_code=500), HTMLResponse("", status_code=500)),
    "broken-endpoint": (NOT_ALLOWED, PlainTextResponse("no", status_code=500)),
    "guarded-page": (
        PlainTextResponse("who?", status_code=401, headers={"www-authenticate": 'Basic realm="x"'}),
        NOT_ALLOWED,
    ),
}


def app() -> Starlette:
    async def respond(request: Request) -> Response:
        ASKED.append(request.method)
        get, post = ANSWERS[request.path_params["name"]]
        return post if request.method == "POST" else get

    return Starlette(routes=[Route("/{name}", respond, methods=["GET", "POST"])])


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    server = LoopbackServer(app(), name="targets")
    server.start()
    yield f"localhost:{server.port}"
    server.stop()


@pytest.fixture(scope="module")
def secured() -> Iterator[str]:
    server = LoopbackServer(app(), name="targets", tls=LoopbackCertificate("localhost").context)
    server.start()
    yield f"localhost:{server.port}"
    server.stop()


def found(target: str, *, kind: Kind | None = None, verify: bool = True) -> Found:
    return asyncio.run(find_out(target, kind=kind, verify=verify))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("page", Kind.PAGE),
        ("elsewhere", Kind.PAGE),
        ("guarded-page", Kind.PAGE),
        ("broken-page", Kind.PAGE),
        ("fastapi", Kind.ENDPOINT),
        ("express", Kind.ENDPOINT),
        ("broken-endpoint", Kind.ENDPOINT),
    ],
)
def test_what_a_url_leads_to(served: str, name: str, kind: Kind) -> None:
    assert found(f"http://{served}/{name}").kind is kind


def test_a_page_is_asked_nothing_else(served: str) -> None:
    ASKED.clear()
    told = found(f"http://{served}/page")
    assert ASKED == ["GET"]
    assert told.why == "GET is answered 200 with text/html"


def test_a_url_without_a_scheme_is_understood(served: str) -> None:
    assert found(f"{served}/page").url == f"http://{served}/page"


def test_https_is_tried_where_http_is_not_answered(secured: str) -> None:
    assert found(f"{secured}/page", verify=False).url == f"https://{secured}/page"


def test_a_certificate_that_nobody_vouches_for_is_named_with_what_to_do(secured: str) -> None:
    with pytest.raises(TargetError) as refused:
        found(f"https://{secured}/page")
    assert "self-signed" in refused.value.what
    assert "--ignore-https-errors" in refused.value.hint


def test_what_is_said_to_be_a_page_has_to_be_one(served: str) -> None:
    with pytest.raises(UsageError, match="this is not a page: GET is answered 405 with application/json"):
        found(f"http://{served}/fastapi", kind=Kind.PAGE)


@pytest.mark.parametrize("target", ["", "ftp://localhost/", "http://[x", "a b"])
def test_what_is_no_url_is_refused(target: str) -> None:
    with pytest.raises(UsageError, match=r"this is not an http\(s\) URL"):
        found(target)


def test_nothing_that_listens_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TargetError, match="cannot load it"):
        found(f"http://127.0.0.1:{port}/")
