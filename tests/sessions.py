"""Whole recordings that several tests look at: a good conversation, and the three attempts of the problem."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from chatkit_doctor.recording.header import BrowserInfo, RuntimeInfo
from chatkit_doctor.recording.reader import Recording
from tests.journals import HEADER as MADE_UP
from tests.recordings import (
    box,
    entry,
    good_turn,
    opened,
    recording,
    reloaded,
    reply,
    send,
    state,
    stream,
    user,
)

QUESTION: Final = "What is open?"
ANSWER: Final = "You have three open tasks."
FIRST: Final = (user(10, QUESTION), reply(11, ANSWER))
SECOND: Final = (user(20, "And done?"), reply(21, "None is done."))

HEADER: Final = msgspec.structs.replace(
    MADE_UP,
    name="seed/attempt",
    title="An attempt",
    runtime=RuntimeInfo(name="snapshot", why=""),
    browser=BrowserInfo(name="chromium", version="", headless=True, motion=False),
)
"""The header of a recording, as a session writes it."""

ATTEMPTS: Final[dict[str, list[tuple[float, dict[str, Any]]]]] = {
    "chatkit-invented": [
        (8.0, {"type": "thread.item.user_message", "item": {"id": "msg-user-123", "type": "user_message"}}),
        (200.0, {"type": "thread.item.assistant_message", "item": {"id": "a", "type": "assistant_message"}}),
    ],
    "assistants": [
        (8.0, {"id": "msg-user-123", "object": "thread.message", "role": "user", "status": "completed"}),
        (100.0, {"id": "msg-a", "object": "thread.message", "role": "assistant", "status": "in_progress"}),
        (200.0, {"id": "msg-a", "object": "thread.message.delta", "delta": {"content": []}}),
    ],
    "responses": [
        (8.0, {"type": "thread.created", "thread": {"id": "123"}}),
        (8.0, {"type": "conversation.item.created", "item": {"id": "msg-user-123", "type": "message"}}),
        (8.0, {"type": "response.created", "response": {"id": "resp_123", "status": "in_progress"}}),
        (200.0, {"type": "response.text.delta", "item_id": "item_123", "delta": "You have three "}),
        (200.0, {"type": "response.done", "response": {"id": "resp_123", "status": "completed"}}),
    ],
}
"""What the three rewrites of the problem sent, by the dialect they speak."""


def good_conversation() -> Recording:
    """Two good turns with a reload between them, and one at the end."""
    return recording(
        opened(),
        good_turn(100, QUESTION, ANSWER),
        reloaded(1_100, *FIRST),
        good_turn(1_500, "And done?", "None is done.", turn=2, before=FIRST),
        reloaded(2_500, *FIRST, *SECOND, index=91),
        entry(2_790, "page", "session.ended", state="thread"),
    )


def attempt(dialect: str) -> Recording:
    """One of the three attempts, with what the real component showed (measured)."""
    adopted = dialect == "responses"
    return recording(
        opened(),
        send(100, QUESTION, turn=1, until=900),
        stream(130, ATTEMPTS[dialect]),
        entry(130, "component", "component.event", name="response.start", detail=None),
        state(150, user(10, QUESTION), responding=True),
        entry(340, "component", "component.event", name="thread.change", detail={"threadId": None}),
        entry(345, "component", "component.event", name="response.end", detail=None),
        state(350, view="blank" if adopted else "start", responding=False if adopted else None),
        box(880),
        entry(890, "paint", "paint.screenshot", name="turn-1", why="it is over", file="screenshots/02.png"),
        entry(990, "page", "session.ended", state="blank"),
        header=HEADER,
    )
