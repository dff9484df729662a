"""Conversations that are read back after a reload."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.recording.reader import Recording
from tests.chatkit_events import AT, HELLO, Event, good, reply, user
from tests.conversations import exchange, recorded
from tests.recordings import Part, reloaded, send

JSON = "application/json"


def thread(stored: Sequence[Event], **more: object) -> Event:
    """A stored thread."""
    page = {"data": list(stored), "has_more": False}
    return {"id": "thr_1", "created_at": AT, "status": {"type": "active"}, "items": page, **more}


STORED = [user(HELLO, "u1"), reply(item_id="a1"), user("And?", "u2"), reply("Yes.", "a2")]
"""What a good store gives back of two turns."""


def read_back(
    answer: object, *more: Part, status: int = 200, first: Sequence[Event] | None = None
) -> Recording:
    """Two turns, good ones unless the ``first`` is given, a reload, and the thread as it is given back."""
    parts: list[Part] = [
        send(0, HELLO, until=900),
        exchange(50, body=good() if first is None else first),
        send(1000, "And?", turn=2, until=1900),
        exchange(
            1050, "threads.add_user_message", good("Yes.", "And?", turn=2), params={"thread_id": "thr_1"}
        ),
        reloaded(2000),
        exchange(2100, "threads.get_by_id", answer, mime=JSON, status=status, params={"thread_id": "thr_1"}),
        *more,
    ]
    return recorded(*parts)


def page_read(items: Sequence[Event], *, more: bool = False) -> list[Part]:
    """A further page of the thread."""
    answer = {"data": list(items), "has_more": more}
    return exchange(2200, "items.list", answer, mime=JSON, params={"thread_id": "thr_1"})
