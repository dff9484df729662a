"""What is started for a variant: the backend, and the page in front of it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import httpx

from examples.runner.building import EXAMPLES, built, node
from examples.runner.variants import Variant

USER: Final = "ann"
SECRET: Final = "what-page-and-backend-share-in-the-examples"  # noqa: S105 - of a server on loopback
PASSWORD: Final = "the-password-of-the-examples"  # noqa: S105 - the same
_START_LIMIT_S: Final = 120.0
_PORTS: Final = 3
"""How many ports are tried."""


class NotStartedError(Exception):
    """A server of the examples ended, or never answered."""


@contextmanager
def backend(pages: Path | None = None) -> Iterator[str]:
    """The backend, with the built page of React if it is given. Yields its URL."""
    command = [sys.executable, "-m", "examples.backend", "--port", "0"]
    command += ["--pages", str(pages / "dist")] if pages is not None else []
    with _process(command, EXAMPLES.parent, {"CHAT_SECRET": SECRET}) as process:
        url = process.stdout.readline().strip() if process.stdout is not None else ""
        if not url:
            raise NotStartedError("the backend ended before it answered")
        _wait_for(process, f"{url}/attempt-1/chatkit", "Method Not Allowed")
        yield url


@contextmanager
def page(variant: Variant, backend_url: str) -> Iterator[str]:
    """The URL of a variant's page, for as long as the context lasts."""
    if variant.app == "react":
        yield f"{backend_url}/react/?{variant.query}"
        return
    environment = {
        "CHAT_API_URL": f"{backend_url}/{'login' if variant.backend == 'repaired' else variant.backend}",
        "CHAT_PAGE": "rewriting" if variant.rewrites else "repaired",
        "CHAT_PASSWORD": PASSWORD,
        "CHAT_SECRET": SECRET,
    }
    with ExitStack() as stack:
        port = _started(environment, stack)
        yield f"http://localhost:{port}/chat"


def _started(environment: Mapping[str, str], stack: ExitStack) -> int:
    """The port on which Next.js answers, until the stack is closed. It takes none by itself."""
    folder = built("next")
    for attempt in range(1, _PORTS + 1):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        command = [node(), "node_modules/next/dist/bin/next", "start", "-p", str(port), "-H", "127.0.0.1"]
        process = stack.enter_context(_process(command, folder, environment))
        try:
            _wait_for(process, f"http://127.0.0.1:{port}/login", "Log in")
        except NotStartedError:
            # Someone else may have taken the port meanwhile.
            if attempt == _PORTS:
                raise
        else:
            return port
    raise NotStartedError("no port was tried")


def logged_in(page_url: str, file: Path) -> Path:
    """Log in to the page of Next.js, and save that as Playwright saves a context (``--storage-state``)."""
    url = page_url.replace("localhost", "127.0.0.1").removesuffix("/chat")
    answer = httpx.post(f"{url}/api/login", data={"user": USER, "password": PASSWORD})
    (cookie,) = answer.cookies.jar
    kept = {"name": cookie.name, "value": cookie.value, "domain": "localhost", "path": "/", "httpOnly": True}
    file.write_text(json.dumps({"cookies": [kept], "origins": []}), encoding="utf-8")
    return file


@contextmanager
def _process(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(process: subprocess.Popen[str], url: str, says: str) -> None:
    """Wait until what answers has this in it."""
    until = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise NotStartedError(f"what should answer at {url} has ended ({process.returncode})")
        try:
            if says in httpx.get(url, timeout=5).text:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise NotStartedError(f"nothing answered at {url} within {_START_LIMIT_S:g} s")
