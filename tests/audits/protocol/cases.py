"""Whole recordings around one stream, or several, of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chatkit_doctor.recording.reader import Recording
from tests.chatkit_events import HELLO
from tests.conversations import exchange, recorded
from tests.recordings import Part, entry, send

Sent = Mapping[str, Any] | str


def answered(*streams: Sequence[Sent], how: str = "finished", thread: str = "thr_1") -> Recording:
    """A conversation: the first stream answers ``threads.create``, the others later messages."""
    parts: list[Part] = []
    for turn, events in enumerate(streams, start=1):
        begin = 1000.0 * turn
        op = "threads.create" if turn == 1 else "threads.add_user_message"
        params: dict[str, Any] = {"input": {"content": [{"type": "input_text", "text": HELLO}]}}
        if turn > 1:
            params["thread_id"] = thread
        parts += [
            send(begin, HELLO, turn=turn, until=begin + 900),
            *exchange(begin + 20, op, events, params=params, how=how),
            entry(begin + 500, "component", "component.event", name="response.end", detail=None),
        ]
    return recorded(*parts)
