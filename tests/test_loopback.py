"""A server in a thread of its own, in a process that belongs to someone else."""

from __future__ import annotations

import gc
import http.client
import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Final

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from chatkit_doctor.errors import DoctorError
from chatkit_doctor.loopback import LoopbackServer

LOGGERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")


@contextmanager
def running(app: ASGIApp) -> Iterator[LoopbackServer]:
    server = LoopbackServer(app, name="test")
    server.start()
    try:
        yield server
    finally:
        server.stop()


async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("on purpose")


async def endless(_scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"begun", "more_body": True})
    while (await receive())["type"] != "http.disconnect":
        pass


def test_what_goes_wrong_on_purpose_is_logged_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    with running(failing) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().status == 500
        connection.close()
    assert caplog.records == []


def test_the_loggers_of_the_process_are_left_as_they_are() -> None:
    def states() -> list[tuple[int, bool, list[logging.Handler]]]:
        loggers = [logging.getLogger(name) for name in LOGGERS]
        return [(logger.level, logger.propagate, list(logger.handlers)) for logger in loggers]

    handler = logging.NullHandler()
    logging.getLogger("uvicorn.access").addHandler(handler)
    try:
        before = states()
        with running(failing):
            during = states()
        assert [before, during, states()] == [before] * 3
    finally:
        logging.getLogger("uvicorn.access").removeHandler(handler)


def test_stopping_ends_a_response_that_would_never_end() -> None:
    with running(endless) as server:
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        connection.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        received = b""
        while b"begun" not in received:
            received += connection.recv(1024)
    # An aborted connection is reset, or closed where nothing more was on its way.
    with connection, suppress(ConnectionResetError):
        assert connection.recv(1024) == b""


def test_connections_that_come_while_it_stops_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    unclosed: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: unclosed.append(told.exc_value))
    for _ in range(20):
        with ExitStack() as stack, running(failing) as server:
            for _ in range(30):
                client = stack.enter_context(closing(socket.socket()))
                client.setblocking(False)
                client.connect_ex(("127.0.0.1", server.port))
    gc.collect()
    assert unclosed == []


class Living:
    """An application that notes when it is told to begin and to end, and fails when it is asked anything."""

    def __init__(self, *, begins: bool = True) -> None:
        self.told: list[str] = []
        self._begins = begins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            raise RuntimeError("on purpose")
        for _ in range(2):
            kind = (await receive())["type"]
            self.told.append(kind)
            if not self._begins:
                await send({"type": f"{kind}.failed", "message": "no database"})
                return
            await send({"type": f"{kind}.complete"})


def test_an_application_of_somebodys_own_is_told_when_it_begins_and_ends() -> None:
    app = Living()
    server = LoopbackServer(app, name="test", somebodys=True)
    server.start()
    assert app.told == ["lifespan.startup"]
    server.stop()
    assert app.told == ["lifespan.startup", "lifespan.shutdown"]


def test_what_an_application_of_somebodys_own_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    server = LoopbackServer(Living(), name="test", somebodys=True)
    server.start()
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
            connection.request("GET", "/")
            assert connection.getresponse().status == 500
    finally:
        server.stop()
    assert [str(each.exc_info[1]) for each in caplog.records if each.exc_info] == ["on purpose"]


def test_an_application_that_cannot_begin_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    server = LoopbackServer(Living(begins=False), name="test", somebodys=True)
    with pytest.raises(DoctorError, match="the application failed at start-up"):
        server.start()
    assert "no database" in caplog.text
