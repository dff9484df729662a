"""Backends on real sockets for the live client: scripted ones, and an ASGI application written in a test."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chatkit_doctor.client.session import LiveOptions, converse
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.host.server import Host
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.scenario.read import scenario_from

Handler = Callable[[Request], Awaitable[Response]]


@contextmanager
def backend(host: Host, settings: Mapping[str, Any]) -> Iterator[str]:
    """The URL of a backend as a scenario describes it."""
    scenario = scenario_from({"title": "x", "backend": settings})
    with host.site(scenario, "") as site:
        yield f"{host.origin}{site.api_url}"


@contextmanager
def scripted(host: Host, **answers: Any) -> Iterator[str]:
    """The URL of a scripted backend; ``threads_create`` stands for ``threads.create``, ``any`` for ``*``."""
    named = {"*" if op == "any" else op.replace("_", ".", 1): answer for op, answer in answers.items()}
    with backend(host, {"kind": "script", "answers": named}) as url:
        yield url


@contextmanager
def served(handler: Handler, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The URL of a server that answers each request with what a handler makes of it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handler(Request(scope, receive))
        await response(scope, receive, send)

    server = LoopbackServer(app, name="handler", tls=tls)
    server.start()
    try:
        yield f"{'https' if tls else 'http'}://localhost:{server.port}/chatkit"
    finally:
        server.stop()


def talk(url: str, **options: Any) -> Conversation:
    """What a live conversation with a backend comes to; from a page at its own origin if none is given."""
    parts = urlsplit(url)
    given: dict[str, Any] = {"origin": f"{parts.scheme}://{parts.netloc}", "longest_wait_s": 0.0, **options}
    return asyncio.run(converse(url, LiveOptions(**given)))


def ops(conversation: Conversation) -> list[str]:
    """The operations of all calls but the probes, in order."""
    return [call.op for call in conversation.calls if not call.probe]


def the(conversation: Conversation, op: str, number: int = 0) -> Call:
    """One of the calls of an operation that are no probes."""
    return [call for call in conversation.calls if call.op == op and not call.probe][number]


def probed(conversation: Conversation) -> dict[str, Call]:
    """The probes by their names."""
    return {call.probe: call for call in conversation.calls if call.probe}


def sent(call: Call) -> Any:
    """What a request asked for."""
    return json.loads(call.request)
