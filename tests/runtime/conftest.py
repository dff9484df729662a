"""A cache of one's own, a made-up component, and the imported copy of the real one where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from chatkit_doctor.errors import RuntimeSourceError
from chatkit_doctor.runtime.choose import choose
from chatkit_doctor.runtime.runtime import Runtime
from tests.runtime.component import LOADER, write_component


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, so that nothing a user has imported matters."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A folder with a whole component in it."""
    return write_component(tmp_path / "saved")


@pytest.fixture
def real_snapshot() -> Runtime:
    """The newest imported copy of the real component."""
    try:
        return choose("snapshot")
    except RuntimeSourceError as error:
        pytest.skip(f"needs the snapshot runtime: {error.what}")


class PretendedCdn:
    """An HTTP server that answers as the CDN may, one way for each path."""

    def __init__(self) -> None:
        self.released = Event()
        cdn = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/hangs":
                    cdn.released.wait(30)
                    return
                status, body = {
                    "/loader": (200, LOADER),
                    "/forbidden": (403, "challenge"),
                    "/other": (200, "<html>Log in to the hotel's network</html>"),
                }[self.path]
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_request(self, *_: object) -> None:
                """Say nothing on the terminal."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def close(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def pretended_cdn() -> Iterator[PretendedCdn]:
    """A server in the CDN's place."""
    cdn = PretendedCdn()
    yield cdn
    cdn.close()
