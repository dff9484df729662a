"""Tests as somebody writes them: what each comes to is looked at in test_runs.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from chatkit_doctor.loopback import LoopbackServer
from chatkit_doctor.pytest_plugin.chatkit import AsyncChatKit, ChatKit
from chatkit_doctor.pytest_plugin.failure import ChatKitFailure
from chatkit_doctor.recording.reader import Recording


def test_app(chatkit: ChatKit) -> None:
    before = chatkit.transcript
    chatkit.send("Hello  there")
    chatkit.assert_rendered("Hello there", "started · nobody · no team · any width")
    assert [(message.role, message.text) for message in chatkit.transcript] == [
        ("user", "Hello  there"),
        ("assistant", "started · nobody · no team · any width"),
    ]
    assert [event["type"] for event in chatkit.events] == ["thread.created", *2 * ["thread.item.done"]]
    assert isinstance(chatkit.recording, Recording)
    assert before == ()
    with pytest.raises(ChatKitFailure, match="“Hello there” is not on the screen after “started”"):
        chatkit.assert_rendered("started", "Hello there")
    chatkit.expect_no_symptoms()


@pytest.mark.chatkit(url="/page")
class TestPage:
    @pytest.fixture
    def browser_context_args(self) -> dict[str, object]:
        cookie = {"name": "login", "value": "let in", "domain": "localhost", "path": "/"}
        return {
            "viewport": {"width": 777, "height": 800},
            "extra_http_headers": {"X-Team": "blue"},
            "storage_state": {"cookies": [cookie], "origins": []},
        }

    def test_page(self, chatkit: ChatKit) -> None:
        chatkit.send("Hello")
        chatkit.assert_rendered("started · let in · blue · 777")


@pytest.mark.anyio
@pytest.mark.chatkit(headers={"X-Team": "red"})
async def test_coroutine(achatkit: AsyncChatKit) -> None:
    await achatkit.send("Hello")
    await achatkit.assert_rendered("started · nobody · red")
    await achatkit.expect_no_symptoms()
    assert len(achatkit.transcript) == 2


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.chatkit(turn_timeout=1)
def test_limit(chatkit: ChatKit) -> None:
    with pytest.raises(ChatKitFailure, match=r"'send' did not end: the limit 'turn' of 1,000 ms"):
        chatkit.send("hang")
    with pytest.raises(ChatKitFailure, match="the session is over"):
        chatkit.send("Hello")
    chatkit.expect_no_symptoms()


class TestUrl:
    @pytest.fixture
    def chatkit_backend(self, chatkit_backend: Starlette) -> Iterator[str]:
        server = LoopbackServer(chatkit_backend, name="elsewhere")
        server.start()
        yield f"http://localhost:{server.port}/chatkit"
        server.stop()

    def test_url(self, chatkit: ChatKit) -> None:
        chatkit.send("Hello")
        chatkit.assert_rendered("nobody · no team")
        assert chatkit.transcript == ()


class TestGiven:
    @pytest.fixture
    def chatkit_backend(self) -> None:
        return None

    def test_option(self, chatkit: ChatKit) -> None:
        chatkit.send("Hello")

    @pytest.mark.chatkit(backend="http://localhost:1/chatkit")
    def test_mark(self, chatkit: ChatKit) -> None:
        chatkit.send("Hello")


@pytest.mark.chatkit(turn_timeoot=1)
def test_misspelled(chatkit: ChatKit) -> None:
    chatkit.send("Hello")


@pytest.mark.browser_context_args(extra_http_headers={"X-Team": "green"})
@pytest.mark.chatkit(url="/page")
def test_page_of_a_mark(chatkit: ChatKit) -> None:
    chatkit.send("Hello")
    chatkit.assert_rendered("nobody · green · 1280")
