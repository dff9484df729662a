"""A small server of its own process that dies of one request, as a fragile one does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.chatkit_events import created, done, good, reply, user


class _Handler(BaseHTTPRequestHandler):
    dies_of = ""
    streams = 0

    def log_message(self, *_: Any) -> None:
        """Nothing is written about requests."""

    def do_POST(self) -> None:
        """Answer, or die of it."""
        size = int(self.headers.get("content-length", 0))
        request = json.loads(self.rfile.read(size))
        op = request.get("type", "")
        if op == self.dies_of or (self.dies_of == "empty" and not op):
            os._exit(1)
        if op == "threads.create":
            self._stream()
        elif op == "threads.get_by_id" and request["params"]["thread_id"] != "thr_1":
            self._json({}, 404)
        else:
            page = {"data": [user(), reply()], "has_more": False}
            self._json({"id": "thr_1", "created_at": "2026-01-01T00:00:00", "items": page, **page}, 200)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        _Handler.streams += 1
        # One that is broken off goes on until that is found out: its pieces fill every buffer on the way.
        filler = b": " + b"x" * 65_536 + b"\n"
        try:
            self.wfile.write(f"data: {json.dumps(created())}\n\n".encode())
            if self.dies_of == "broken stream" and self.streams > 1:
                for _ in range(400):
                    self.wfile.write(filler)
            for event in [*good()[1:], done(reply())]:
                self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        except OSError:
            os._exit(1)

    def _json(self, document: object, status: int) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def mortal(dies_of: str) -> Iterator[str]:
    """The URL of a server that dies of an operation, of ``empty`` bodies, or of a ``broken stream``."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.client.mortal_server", dies_of], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://localhost:{process.stdout.readline().strip()}/chatkit"
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    _Handler.dies_of = sys.argv[1]
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
