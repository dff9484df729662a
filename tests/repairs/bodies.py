"""What a repaired conversation says, to be compared with what is written by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable

from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.repairs.registry import REPAIRS
from tests.chatkit_events import Event


def mended(cause: str, conversation: Conversation) -> Conversation:
    """The conversation without the fault; the repair changes nothing more when it is made again."""
    repair = REPAIRS[cause].conversation
    assert repair is not None
    made = repair(conversation)
    assert repair(made) is made
    return made


def events(call: Call) -> list[Event]:
    """The events of a stream that a browser would dispatch."""
    return [json.loads(event.data) for event in parse(call.body)[0] if event.terminated]


def types(sent: Iterable[Event]) -> list[str]:
    """What events are, and of what."""
    return [_type(event) for event in sent]


def _type(event: Event) -> str:
    inner = event.get("item") or event.get("update") or {}
    return f"{event['type']} {inner['type']}" if inner else str(event["type"])
