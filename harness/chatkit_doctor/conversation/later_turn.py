"""A turn that was recorded as the first of a thread, as a later turn of another thread.

A backend whose first answer is not understood is asked to create a thread again by the second message. Once
the first answer is repaired, the second message goes to the thread that it has created.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

from chatkit_doctor.conversation.conversation import Call, Chunk
from chatkit_doctor.protocol.events import member, type_of
from chatkit_doctor.protocol.payload import JsonObject, read_payload
from chatkit_doctor.protocol.sse import parse

_CREATED: Final = "thread.created"
_BLANK_LINE: Final = re.compile(rb"\r\n\r\n|\n\n|\r\r")


def as_later_turn(call: Call, thread_id: str) -> Call:
    """The answer without the announcement of its thread, and with the id of this one in its place.

    An answer that announces none stays as it is.
    """
    announced = next((event for event in _events(call.body) if type_of(event) == _CREATED), None)
    if announced is None:
        return call
    own = member(announced, "thread").get("id")
    chunks = tuple(
        Chunk(t_ms, frame.replace(json.dumps(own).encode(), json.dumps(thread_id).encode()) if own else frame)
        for t_ms, frame in _frames(call)
        if not any(type_of(event) == _CREATED for event in _events(frame))
    )
    return replace(call, chunks=chunks)


def _events(body: bytes) -> list[JsonObject]:
    return [value for event in parse(body)[0] if (value := read_payload(event.data).value) is not None]


def _frames(call: Call) -> list[tuple[float, bytes]]:
    """The body cut behind each blank line, each piece with the time at which its end had come."""
    body, ends = call.body, []
    at = 0
    for chunk in call.chunks:
        at += len(chunk.data)
        ends.append((at, chunk.t_ms))
    cuts = [0, *(found.end() for found in _BLANK_LINE.finditer(body)), len(body)]
    return [
        (next(t_ms for upto, t_ms in ends if upto >= end), body[begin:end])
        for begin, end in pairwise(cuts)
        if begin < end
    ]
