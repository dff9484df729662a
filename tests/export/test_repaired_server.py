"""The exported server is a ``ChatKitServer``: it answers, stores, and gives each item an id of its own."""

from __future__ import annotations

import asyncio
import importlib
import json
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from chatkit_doctor.export.exporter import Export
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.scenario.check import backend_check
from tests.chatkit_events import done, good, item, reply, user
from tests.conversation.made import conversation, first, later, said
from tests.export.attempts import attempt, exported, judged
from tests.session_runner import SessionRunner

LIMIT_S = 60.0


def events_of(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(event.data) for event in parse(body)[0]]


def asked(folder: Path, monkeypatch: pytest.MonkeyPatch, *messages: str) -> list[list[dict[str, Any]]]:
    """What the server in a folder streams in answer to messages in one thread, and what it has stored."""
    monkeypatch.syspath_prepend(folder)
    for name in ("server", "sqlite_store"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    server = importlib.import_module("server")

    async def talk() -> list[list[dict[str, Any]]]:
        transport = httpx.ASGITransport(server.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answers, thread = [], ""
            for message in messages:
                params = said(message) | ({"thread_id": thread} if thread else {})
                params["input"] |= {"attachments": [], "inference_options": {}}
                op = "threads.add_user_message" if thread else "threads.create"
                answer = await client.post("/chatkit", json={"type": op, "params": params})
                answers.append(events_of(answer.content))
                thread = thread or answers[0][0]["thread"]["id"]
            about = {"type": "threads.get_by_id", "params": {"thread_id": thread}}
            stored = (await client.post("/chatkit", json=about)).json()
            return [*answers, stored["items"]["data"]]

    try:
        return asyncio.run(talk())
    finally:
        server.SERVER.store.close()
        for name in ("server", "sqlite_store"):
            sys.modules.pop(name, None)


def test_it_answers_turn_by_turn_and_goes_on_with_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = later([done(user("And?", "u2")), done({**reply("More.", "a2"), "content": "More."})])
    recorded = judged(conversation(first(good()), second), tmp_path / "recorded")
    exported(recorded, tmp_path / "out")
    *_, stored = asked(tmp_path / "out", monkeypatch, "One", "Two", "Three")
    assert [each["content"][0]["text"] for each in stored] == [
        "One",
        "Good to see you, friend.",
        "Two",
        "More.",
        "Three",
        "More.",
    ]
    assert len({each["id"] for each in stored}) == 6


def test_it_streams_widgets_and_updates_name_the_item_that_was_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = {"type": "Card", "children": [{"type": "Text", "value": "Shown"}]}
    unconfirmed = [event for event in good() if event != done(user())]
    events = [unconfirmed[0], done(item("widget", "w1", widget=card)), *unconfirmed[1:]]
    export = exported(judged(conversation(first(events)), tmp_path / "recorded"), tmp_path / "out")
    assert export.why == ""
    streamed, stored = asked(tmp_path / "out", monkeypatch, "One")
    assert [each["type"] for each in stored] == ["user_message", "widget", "assistant_message"]
    begun = next(event["item"]["id"] for event in streamed if event["type"] == "thread.item.added")
    assert {event["item_id"] for event in streamed if "item_id" in event} == {begun}
    assert stored[-1]["id"] == begun


@contextmanager
def serving(export: Export) -> Iterator[str]:
    """The exported server, started with the printed command on a free port; gives its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*shlex.split(export.server_command)[:-1], str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + LIMIT_S
            while True:
                assert server.poll() is None, "the server ended"
                assert time.monotonic() < until, "the server does not listen"
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield f"http://localhost:{port}/chatkit"
        finally:
            server.terminate()


@pytest.mark.browser
def test_the_server_of_the_third_attempt_passes_check(tmp_path: Path, session_runner: SessionRunner) -> None:
    with serving(exported(attempt(3, tmp_path / "recorded"), tmp_path / "out")) as url:
        report = session_runner.diagnose(backend_check(url, {}, []), tmp_path / "report")
    assert (report.verdict, report.cause, report.warnings) == ("pass", None, [])
    replies = [message.text for message in report.messages if message.role == "assistant"]
    assert replies[:2] == ["You have three open tasks."] * 2
