"""What a full Chromium would like to know by itself is asked of nobody."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from chatkit_doctor.browser.find import find
from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.runtime.runtime import Runtime, RuntimeName
from chatkit_doctor.runtime.server import NOWHERE, RuntimeServer

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

OPEN = Runtime(RuntimeName.CDN, "for the test", "0" * 64, "Build")
"""The live CDN, for a page of someone's: the whole network can be reached."""
ASKED_LIMIT_S = 30.0
HEAD = [(b"content-type", b"text/html")]


class Nobody:
    """Stands where the browser's own services are led to, and notes that they were asked for."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if scope["path"] == "/ListAccounts":
                self.asked.set()
            await send({"type": "http.response.start", "status": 200, "headers": HEAD})
            await send({"type": "http.response.body", "body": b"<p>Nobody"})


@pytest.fixture
def nobody() -> Iterator[tuple[Nobody, str]]:
    app = Nobody()
    server = LoopbackServer(app, name="nobody")
    server.start()
    yield app, f"http://127.0.0.1:{server.port}/"
    server.stop()


def looked_up(log: Path) -> set[str]:
    """Every host that a log of Chromium's network says was looked up."""
    noted = json.loads(log.read_text(encoding="utf-8"))
    kinds = {number: name for name, number in noted["constants"]["logEventTypes"].items()}
    hosts = set()
    for event in noted["events"]:
        host = event.get("params", {}).get("host")
        if kinds[event["type"]].startswith("HOST_RESOLVER_MANAGER") and isinstance(host, str):
            hosts.add(urlsplit(host).hostname or host)
    return hosts


@pytest.mark.browser
def test_a_full_chromium_looks_nobody_up_by_itself(nobody: tuple[Nobody, str], tmp_path: Path) -> None:
    browser = find("chromium", headed=True)
    if browser is None:
        pytest.skip("needs a full Chromium")
    app, address = nobody
    log = tmp_path / "network.json"
    with (
        RuntimeServer(OPEN, hermetic=False) as server,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory(prefix="chatkit-doctor-services-", ignore_cleanup_errors=True) as profile,
    ):
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=browser.executable,
            args=[
                "--headless=new",
                f"--log-net-log={log}",
                *(argument.replace(NOWHERE, address) for argument in server.launch_args),
            ],
        )
        context.new_page().goto(address)
        # Whether it asks, and when, is for the browser to decide.
        app.asked.wait(ASKED_LIMIT_S)
        context.close()
    assert looked_up(log) <= {"127.0.0.1"}
