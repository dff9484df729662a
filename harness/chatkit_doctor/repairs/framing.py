"""Repairs of how a body is cut into events, and of how an event's data is encoded."""

from __future__ import annotations

from typing import Final

from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.protocol.payload import parse_json, read_payload
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.repairs.repair import Repair
from chatkit_doctor.repairs.streams import each_call, was_accepted, with_documents


def _framed(call: Call) -> Call:
    """A stream of the JSON documents that lie in a body, whatever stands between them."""
    if not was_accepted(call):
        return call
    lines = (line.strip() for line in call.body.decode(errors="replace").splitlines())
    found = [line for line in map(_bare, lines) if line and _is_json(line)]
    return with_documents(call, found or _whole(call.body.decode(errors="replace")))


def _decoded(call: Call) -> Call:
    """A stream whose events are encoded once."""
    if not was_accepted(call):
        return call
    events, _ = parse(call.body)
    return with_documents(call, [_inner_json(event.data) for event in events])


def _bare(line: str) -> str:
    while line.startswith("data:"):
        line = line.removeprefix("data:").lstrip()
    return line


def _whole(text: str) -> list[str]:
    """A body that is one JSON document over several lines, on one."""
    return [" ".join(text.split())] if _is_json(text) else []


def _is_json(text: str) -> bool:
    try:
        parse_json(text)
    except ValueError:
        return False
    return True


def _inner_json(data: str) -> str:
    try:
        value = parse_json(data)
    except ValueError:
        return data
    is_encoded = isinstance(value, str) and read_payload(value).value is not None
    return value if isinstance(value, str) and is_encoded else data


REPAIRS: Final = (
    Repair(
        "sse-bad-framing",
        "puts `data: ` before each JSON document of the body and a blank line behind it.",
        each_call(_framed),
    ),
    Repair(
        "sse-double-encoded",
        "decodes the data of each event once more.",
        each_call(_decoded),
    ),
)
"""The repairs of this module."""
