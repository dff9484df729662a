"""A backend that sends without end, as fast as it can, is abandoned by name, with memory to spare."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psutil
import pytest

from tests.cli.commands import Command, running

COMMENTS: Final = (b": " + b"x" * 60 + b"\n\n") * 1000
BODY: Final = b'{"a": "' + b"x" * 64_000
MEGABYTE: Final = 1024 * 1024
TOOL_MB: Final = 500
"""What the tool may take; it takes some 200 MB."""
BROWSER_MB: Final = 4_000
"""What all processes of the browser may take together; with 1.3 GB for the page it is some 1.8 GB."""


class Flood(http.server.BaseHTTPRequestHandler):
    """Answers a new thread with the same bytes again and again."""

    block = b""
    type_ = "text/event-stream"

    def do_OPTIONS(self) -> None:
        self._begin(204, "text/plain", 0)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if asked["type"] != "threads.create":
            listed = b'{"data": [], "has_more": false}'
            self._begin(200, "application/json", len(listed))
            self.wfile.write(listed)
            return
        self._begin(200, self.type_, None)
        self.close_connection = True
        try:
            while True:
                self.wfile.write(self.block)
        except OSError:
            return

    def _begin(self, status: int, type_: str, length: int | None) -> None:
        self.send_response(status)
        for name in ("origin", "headers", "methods"):
            self.send_header(f"access-control-allow-{name}", "*")
        self.send_header("content-type", type_)
        if length is not None:
            self.send_header("content-length", str(length))
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""


class CommentFlood(Flood):
    """Comments of an event stream."""

    block = COMMENTS


class BodyFlood(Flood):
    """A JSON text that never ends."""

    block, type_ = BODY, "application/json"


@pytest.fixture(params=[CommentFlood, BodyFlood], ids=["comments", "json"])
def flood(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a backend that never stops sending."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), request.param) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}/chatkit"
        server.shutdown()
        thread.join()


class Memory:
    """The most that a command and its browser have taken, in MB."""

    def __init__(self, command: Command) -> None:
        self._process = psutil.Process(command.process.pid)
        self._over = threading.Event()
        self.tool = self.browser = 0

    def __enter__(self) -> Memory:
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self._look()

    def _look(self) -> None:
        try:
            below = self._process.children(recursive=True)
            self.tool = max(self.tool, self._process.memory_info().rss // MEGABYTE)
            taken = sum(each.memory_info().rss for each in below if each.is_running())
            self.browser = max(self.browser, taken // MEGABYTE)
        except psutil.Error:
            return


@pytest.mark.browser
def test_a_flood_is_given_up_by_name(flood: str, tmp_path: Path) -> None:
    options = ("--runtime", "reference", "--timeout", "240", "--output", str(tmp_path), "--format", "json")
    with running("check", "--backend", flood, *options) as command, Memory(command) as memory:
        ended = command.end()
    assert (ended.code, ended.err, ended.left) == (2, "", ())
    report = json.loads(ended.out)
    reason = "the response to threads.create exceeded 16 MB"
    assert (report["verdict"], report["reason"], report["cause"]) == ("inconclusive", reason, None)
    assert (memory.tool < TOOL_MB, memory.browser < BROWSER_MB) == (True, True), vars(memory)


def test_lint_gives_a_flood_up(flood: str, tmp_path: Path) -> None:
    options = ("--timeout", "240", "--output", str(tmp_path), "--format", "json")
    with running("lint", flood, *options) as command, Memory(command) as memory:
        ended = command.end()
    assert (ended.left, "Traceback" in ended.err) == ((), False)
    assert ended.code in {1, 2}
    assert memory.tool < TOOL_MB
