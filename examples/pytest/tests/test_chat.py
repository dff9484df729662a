"""What a person sees of the chat."""

from __future__ import annotations

import asyncio

import pytest

from chatkit_doctor.pytest_plugin.chatkit import AsyncChatKit, ChatKit


def test_a_conversation_is_there_after_a_reload(chatkit: ChatKit) -> None:
    chatkit.send("What is open?")
    chatkit.assert_rendered("What is open?", "You have three open tasks.")
    chatkit.reload()
    chatkit.assert_rendered("What is open?", "You have three open tasks.")
    chatkit.expect_no_symptoms()


@pytest.mark.chatkit(options={"startScreen": {"greeting": "What shall we do?"}}, turn_timeout=20)
def test_each_turn_has_its_reply(chatkit: ChatKit) -> None:
    chatkit.send("Hello")
    chatkit.send("And once more")
    assert [message.role for message in chatkit.transcript] == ["user", "assistant"] * 2
    assert "thread.item.done" in {event["type"] for event in chatkit.events}


def test_a_coroutine_can_drive_the_chat(achatkit: AsyncChatKit) -> None:
    async def conversation() -> None:
        await achatkit.send("Hello")
        await achatkit.assert_rendered("You have three open tasks.")
        await achatkit.expect_no_symptoms()

    asyncio.run(conversation())
