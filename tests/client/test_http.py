"""Each request is made, allowed, followed and read as a browser would do it."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import trustme
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from chatkit_doctor.conversation.cors import refusal
from chatkit_doctor.errors import UsageError
from chatkit_doctor.host.server import Host
from chatkit_doctor.protocol.sse import parse
from tests.client.backends import ops, scripted, served, talk, the

PAGE: Final = "http://localhost:3000"
GOOD: dict[str, Any] = {"stream": [{"good_turn": {"reply": "Hi.", "stream_ms": 0}}]}
ALLOWED: Final = {
    "access-control-allow-origin": PAGE,
    "access-control-allow-headers": "content-type, chatkit-frame-instance-id",
}
EVENTS: Final = [
    {"type": "thread.created", "thread": {"id": "thr_1", "items": {"data": [], "has_more": False}}},
    {"type": "progress_update", "text": "x" * 2_000},
]
STREAM: Final = "".join(f"data: {json.dumps(event)}\n\n" for event in EVENTS).encode()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as running:
        yield running


def stream(body: bytes = STREAM, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, media_type="text/event-stream", headers=headers)


def test_a_page_at_another_origin_asks_first_and_only_once() -> None:
    asked: list[dict[str, str]] = []

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            asked.append(dict(request.headers))
            return Response(headers=ALLOWED | {"access-control-allow-headers": "*, authorization"})
        return stream(headers=ALLOWED)

    with served(answer) as url:
        found = talk(url, origin=PAGE, headers={"Authorization": "Bearer abc", "X-Team": "1"})
    assert len(asked) == 1
    assert asked[0]["origin"] == PAGE
    assert asked[0]["access-control-request-method"] == "POST"
    names = "authorization,chatkit-frame-instance-id,content-type,x-team"
    assert asked[0]["access-control-request-headers"] == names
    assert "authorization" not in asked[0]
    assert found.calls[0].preflight is not None
    assert found.calls[0].preflight.asked_headers == names
    assert [call.preflight for call in found.calls[1:]] == [None] * (len(found.calls) - 1)
    assert the(found, "threads.create").request_headers["authorization"] == "Bearer abc"


def test_a_page_at_the_same_origin_does_not_ask(host: Host) -> None:
    with scripted(host, any=GOOD) as url:
        found = talk(url)
    assert all(call.preflight is None for call in found.calls)


def test_what_the_preflight_does_not_allow_is_not_sent() -> None:
    methods: list[str] = []

    async def answer(request: Request) -> Response:
        methods.append(request.method)
        return Response(headers={"access-control-allow-origin": "http://localhost:5173"})

    with served(answer) as url:
        found = talk(url, origin=PAGE)
    assert set(methods) == {"OPTIONS"}
    assert ops(found) == ["threads.list", "threads.create"]
    assert [call.status for call in found.calls] == [None, None]
    assert {refusal(call) for call in found.calls} == {"PreflightAllowOriginMismatch http://localhost:5173"}


def test_a_backend_without_cors_is_refused_by_every_call(host: Host) -> None:
    with scripted(host, any=GOOD) as url:
        found = talk(url, origin=PAGE)
    preflight = found.calls[0].preflight
    assert preflight is not None
    assert preflight.status == 405
    assert all(refusal(call) == "PreflightMissingAllowOriginHeader" for call in found.calls)


def test_a_preflight_that_is_never_answered_meets_the_limit_of_time() -> None:
    async def answer(request: Request) -> Response:
        await asyncio.sleep(30)
        return Response()

    with served(answer) as url:
        found = talk(url, origin=PAGE, turn_limit_s=0.3)
    assert {(call.status, call.how) for call in found.calls} == {(None, "open")}
    assert "the preflight (OPTIONS) was aborted: the limit of 0.3 s" in found.notes


def test_a_cookie_stays_away_from_another_origin_and_comes_back_at_its_own() -> None:
    cookies: list[str] = []

    async def answer(request: Request) -> Response:
        cookies.append(request.headers.get("cookie", ""))
        return stream(headers={**ALLOWED, "set-cookie": "session=1; Path=/"})

    with served(answer) as url:
        talk(url, origin=PAGE)
        assert set(cookies) == {""}
        cookies.clear()
        talk(url)
    assert set(cookies[1:]) == {"session=1"}


@pytest.mark.parametrize("size", [1, 3, 7])
def test_bytes_split_anywhere_are_the_same_body(host: Host, size: int) -> None:
    text = {"type": "progress_update", "text": "Grüße — 你好 🙂"}
    split = {"stream": [{"event": EVENTS[0]}, {"event": text}], "framing": {"bytes_per_write": size}}
    with scripted(host, any=split) as url:
        call = the(talk(url, messages=("Hello",)), "threads.create")
    assert len(call.chunks) > 2
    assert [json.loads(event.data) for event in parse(call.body)[0]] == [EVENTS[0], text]


def test_every_piece_has_the_time_at_which_it_came() -> None:
    async def slowly() -> AsyncIterator[bytes]:
        yield STREAM[:50]
        await asyncio.sleep(0.3)
        yield STREAM[50:]

    async def answer(request: Request) -> Response:
        return StreamingResponse(slowly(), media_type="text/event-stream")

    with served(answer) as url:
        call = the(talk(url, messages=("Hello",)), "threads.create")
    assert [chunk.data for chunk in call.chunks] == [STREAM[:50], STREAM[50:]]
    first, second = (chunk.t_ms for chunk in call.chunks)
    assert call.t_ms <= call.answered_ms <= first < second <= call.ended_ms
    # What was sent so long after the request cannot have come any earlier.
    assert second - call.t_ms >= 300


def test_a_body_that_breaks_off_is_cut(host: Host) -> None:
    cut = {"stream": [{"event": EVENTS[0]}, {"end": "cut"}]}
    with scripted(host, any=cut) as url:
        call = the(talk(url, messages=("Hello",)), "threads.create")
    assert (call.status, call.how) == (200, "cut")
    assert call.error
    assert b"thread.created" in call.body


def test_an_answer_that_the_component_does_not_read_is_not_waited_for() -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"data: {}\n\n"
        await asyncio.sleep(30)

    async def answer(request: Request) -> Response:
        if (await request.json()).get("type") != "threads.create":
            return JSONResponse({})
        return StreamingResponse(endless(), 401, media_type="text/plain")

    with served(answer) as url:
        call = the(talk(url, messages=("Hello",)), "threads.create")
    assert (call.status, call.how, call.body) == (401, "aborted", b"data: {}\n\n")
    assert call.ended_ms - call.t_ms < 5_000


def test_a_refusal_keeps_its_headers() -> None:
    async def answer(request: Request) -> Response:
        return JSONResponse({"detail": "no"}, 401, headers={"WWW-Authenticate": "Bearer"})

    with served(answer) as url:
        call = the(talk(url), "threads.create")
    assert (call.status, call.headers["www-authenticate"]) == (401, "Bearer")
    assert call.body == b'{"detail":"no"}'


def test_a_redirect_is_followed_and_said() -> None:
    async def answer(request: Request) -> Response:
        return stream() if request.url.path.endswith("/") else RedirectResponse("/chatkit/")

    with served(answer) as url:
        found = talk(url)
    assert the(found, "threads.create").status == 200
    assert the(found, "threads.create").body == STREAM
    assert found.notes == (f"{url} redirects to {url}/",)


def test_a_redirect_that_names_no_origin_is_not_followed_from_another_one() -> None:
    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS" or request.url.path.endswith("/"):
            return stream(headers=ALLOWED)
        return RedirectResponse("/chatkit/")

    with served(answer) as url:
        call = the(talk(url, origin=PAGE), "threads.create")
    assert call.status == 307
    assert refusal(call) == "MissingAllowOriginHeader"


def test_a_redirect_without_an_end_is_a_failure_and_no_traceback() -> None:
    async def answer(request: Request) -> Response:
        return RedirectResponse("/chatkit")

    with served(answer) as url:
        call = the(talk(url), "threads.create")
    assert (call.status, call.how) == (None, "cut")
    assert call.error == "net::ERR_TOO_MANY_REDIRECTS: the server redirects in a loop"


def test_a_certificate_that_nobody_trusts_is_told_as_a_browser_tells_it() -> None:
    async def answer(request: Request) -> Response:
        return stream()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with served(answer, tls=context) as url:
        call = the(talk(url), "threads.create")
    assert call.error.startswith("net::ERR_CERT_AUTHORITY_INVALID: the server's certificate is not trusted")


def test_an_authority_that_this_machine_trusts_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(request: Request) -> Response:
        return stream()

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with served(answer, tls=context) as url:
        assert the(talk(url), "threads.create").body == STREAM


def test_a_server_that_speaks_no_http_is_a_failed_request(host: Host) -> None:
    with scripted(host, any=GOOD) as url:
        call = the(talk(url.replace("http://", "https://")), "threads.create")
    assert (call.status, call.how) == (None, "cut")
    assert call.error


def test_a_stream_of_too_many_events_is_left_by_the_limit_s_name(host: Host) -> None:
    with scripted(host, any=GOOD) as url:
        found = talk(url, max_events=3)
    call = the(found, "threads.create")
    assert call.unread == "the limit of 3 events for one stream"
    assert found.notes[0] == f"threads.create was not read completely: {call.unread}"
    assert ops(found) == ["threads.list", "threads.create"]


def test_too_many_bytes_are_left_by_the_limit_s_name_and_nothing_is_asked_any_more() -> None:
    async def answer(request: Request) -> Response:
        return stream()

    with served(answer) as url:
        found = talk(url, max_bytes=len(STREAM) + 100)
    call = the(found, "threads.create")
    assert len(call.body) == 100
    assert call.unread == f"the limit of {len(STREAM) + 100:,} bytes for all bodies together"
    assert [(each.op, each.probe) for each in found.calls] == [("threads.list", ""), ("threads.create", "")]


@pytest.mark.parametrize("value", ["two\nlines", "naïve"], ids=["line-end", "not-ascii"])
def test_a_header_that_cannot_be_sent_is_refused_without_its_value(host: Host, value: str) -> None:
    with scripted(host, any=GOOD) as url, pytest.raises(UsageError) as caught:
        talk(url, headers={"X-Team": value})
    assert "X-Team" in str(caught.value)
    assert value not in str(caught.value)


def test_a_proxy_of_the_environment_is_not_used_on_loopback(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with scripted(host, any=GOOD) as url:
        assert the(talk(url), "threads.create").status == 200
