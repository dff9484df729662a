"""Whether a backend means to be asked by pages of other origins is told from what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from chatkit_doctor.client.cross_origin import speaks_cors
from tests.client.backends import Handler, served
from tests.conversation.faulty_server import nobody

PAGE = "http://localhost:3000"


def answering(**headers: Mapping[str, str]) -> Handler:
    """A backend that answers each method with headers of its own."""

    async def answer(request: Request) -> Response:
        return PlainTextResponse("{}", headers=headers.get(request.method, {}))

    return answer


@pytest.mark.parametrize(
    ("handler", "speaks"),
    [
        (answering(), False),
        (answering(OPTIONS={"vary": "Accept-Encoding", "x-origin": PAGE}), False),
        (answering(OPTIONS={"access-control-allow-origin": "*"}), True),
        (answering(OPTIONS={"access-control-allow-headers": "content-type"}), True),
        (answering(OPTIONS={"vary": "Accept-Encoding, Origin"}), True),
        (answering(POST={"access-control-allow-origin": "*"}), True),
        (answering(POST={"vary": "origin"}), True),
        (answering(GET={"access-control-allow-origin": "*"}), False),
    ],
)
def test_a_backend_says_by_its_headers_whether_other_pages_may_ask(handler: Handler, speaks: bool) -> None:
    with served(handler) as url:
        assert asyncio.run(speaks_cors(url, PAGE)) is speaks


def test_a_backend_that_gives_no_answer_is_not_said_to_be_silent() -> None:
    with nobody() as url:
        assert asyncio.run(speaks_cors(url, PAGE))


def test_it_is_asked_what_a_browser_asks_for_such_a_page() -> None:
    asked: list[Mapping[str, str]] = []

    async def answer(request: Request) -> Response:
        asked.append(dict(request.headers))
        return PlainTextResponse("{}")

    with served(answer) as url:
        asyncio.run(speaks_cors(url, PAGE, ["X-Team", "Content-Type"]))
    preflight, question = asked
    assert (preflight["origin"], question["origin"]) == (PAGE, PAGE)
    assert preflight["access-control-request-method"] == "POST"
    assert preflight["access-control-request-headers"] == "chatkit-frame-instance-id,content-type,x-team"
