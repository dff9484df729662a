"""How ``chatkit-doctor mcp`` ends, and why it does not begin."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

LIMIT_S: Final = 60.0
INITIALIZE: Final = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}
NO_SDK: Final = (
    "import sys; sys.modules['mcp'] = None; sys.argv = ['chatkit-doctor', 'mcp'];"
    "from chatkit_doctor.cli.main import main; main()"
)


class Server:
    """The process, and what is written to it line by line."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "chatkit_doctor.cli.main", "mcp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
        )
        self.send(method="initialize", params=INITIALIZE, id=1)
        assert self.answer()["id"] == 1
        self.send(method="notifications/initialized")

    def send(self, **message: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        read: dict[str, Any] = json.loads(self.process.stdout.readline())
        return read


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    with started.process:
        yield started
        started.process.kill()


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A backend that takes a request and never answers it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(LIMIT_S)
        yield listening


def lint(silent: socket.socket) -> dict[str, object]:
    url = f"http://127.0.0.1:{silent.getsockname()[1]}/chatkit"
    return {"name": "lint", "arguments": {"source": url}}


def request_of(silent: socket.socket) -> socket.socket:
    """The first connection on which a request comes: whether anybody listens is asked without one."""
    while True:
        connection, _ = silent.accept()
        connection.settimeout(LIMIT_S)
        if connection.recv(1):
            return connection
        connection.close()


def test_the_end_of_input_is_the_end(server: Server) -> None:
    out, err = server.process.communicate(timeout=LIMIT_S)
    assert (server.process.returncode, out, err) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_ctrl_c_ends_it_although_the_client_is_still_there(server: Server) -> None:
    os.kill(server.process.pid, signal.SIGINT)
    assert server.process.wait(LIMIT_S) == 130
    assert server.process.stderr is not None
    assert server.process.stderr.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_what_is_under_way_at_ctrl_c_is_broken_off_and_answered(
    server: Server, silent: socket.socket
) -> None:
    server.send(method="tools/call", params=lint(silent), id=2)
    with request_of(silent):
        os.kill(server.process.pid, signal.SIGINT)
        answer = server.answer()
        assert server.process.wait(LIMIT_S) == 130
    assert (answer["id"], "result" in answer) == (2, True)


def test_a_call_that_the_client_cancels_is_given_up(server: Server, silent: socket.socket) -> None:
    server.send(method="tools/call", params=lint(silent), id=2)
    with request_of(silent) as connection:
        server.send(method="notifications/cancelled", params={"requestId": 2})
        # Whoever has sent it closes the connection.
        while connection.recv(65_536):
            """The rest of the request."""
    server.send(method="ping", id=3)
    while server.answer()["id"] != 3:
        """What becomes of the other request is the protocol's."""


def test_without_the_sdk_it_says_what_to_type() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_SDK], capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1] == "Type: pip install 'chatkit-doctor[mcp]'"
