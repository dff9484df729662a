"""Ctrl-C while a test drives a chat."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.cli.commands import running

CONFTEST: Final = """
import asyncio
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

@pytest.fixture
def chatkit_backend():
    async def chatkit(request):
        if (await request.json())["type"] == "threads.create":
            Path("asked").touch()
            await asyncio.Event().wait()
        return JSONResponse({"data": [], "has_more": False})

    return Starlette(routes=[Route("/chatkit", chatkit, methods=["POST"])])
"""
TEST: Final = """
def test_waits(chatkit):
    chatkit.send("Hello")

def test_next(chatkit):
    chatkit.send("Hello")
"""


@pytest.mark.browser
@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_what_there_was_is_reported_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_stopped.py").write_text(TEST, encoding="utf-8")
    options = ["--chatkit-runtime=reference", "-pno:randomly", "-pno:cacheprovider"]
    with running(*options, module="pytest", folder=tmp_path) as pytest_run:
        pytest_run.until((tmp_path / "asked").exists)
        pytest_run.tell(signal.SIGINT)
        ended = pytest_run.end()
    assert ended.code == 2, ended
    assert "KeyboardInterrupt" in ended.out
    assert ended.left == ()
    (found,) = (tmp_path / "reports").glob("*-test_waits/report.json")
    report = json.loads(found.read_text(encoding="utf-8"))
    assert "the test was interrupted" in report["reason"]
    assert [message["text"] for message in report["messages"]] == ["Hello"]
