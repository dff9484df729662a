"""Repairs of how a body is cut into events, and of how an event's data is encoded."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call
from chatkit_doctor.protocol.payload import PayloadKind, parse_json
from chatkit_doctor.protocol.sse import SseEvent, parse
from chatkit_doctor.repairs.json_text import dumped
from chatkit_doctor.repairs.repair import Repair
from chatkit_doctor.repairs.streams import (
    Events,
    SentEvent,
    arrivals,
    each_call,
    each_stream,
    events_of,
    was_accepted,
    with_events,
)

_BADLY_FRAMED: Final = frozenset({PayloadKind.SEVERAL, PayloadKind.DOUBLE_FRAMED})


_TELLING: Final = re.compile(r"thread\.(?:item|created)|_message|\bitem\b|\bcontent\b")
"""Words of which data speaks that would bring something into the transcript."""


def _framed(call: Call) -> Call:
    """A stream of the JSON documents that are in a body, whatever stands between them."""
    if not (was_accepted(call) and is_stream(call)):
        return call
    spans, before = parse(call.body)[0], events_of(call)
    if not any(event.payload.kind is PayloadKind.OBJECT for event in before) and (
        not before or any(event.payload.kind in _BADLY_FRAMED for event in before)
    ):
        found = list(_documents(call, 0, len(call.body))) or _one_document(call)
        return with_events(call, before, found) if found else call
    pairs = zip(spans, before, strict=True)
    return with_events(call, before, [each for span, event in pairs for each in _apart(call, span, event)])


def _apart(call: Call, span: SseEvent, event: SentEvent) -> Iterator[SentEvent]:
    """What one event was meant to be: several, where the blank lines between them are missing."""
    if event.payload.kind in _BADLY_FRAMED:
        yield from _documents(call, span.at, span.end)
    elif not event.terminated and call.how == "finished" and event.payload.kind is PayloadKind.OBJECT:
        yield replace(event, terminated=True)
    else:
        yield event


def _documents(call: Call, begin: int, end: int) -> Iterator[SentEvent]:
    """The lines of a part of a body that are JSON documents, each as an event."""
    when, at = arrivals(call), begin
    for line in call.body[begin:end].splitlines(keepends=True):
        at += len(line)
        text = _bare(line.decode(errors="replace").strip())
        if text and _is_json(text):
            yield SentEvent(when(at), text)


def _one_document(call: Call) -> list[SentEvent]:
    """A body that is one JSON document over several lines, on one."""
    text = call.body.decode(errors="replace")
    return [SentEvent(arrivals(call)(len(call.body)), " ".join(text.split()))] if _is_json(text) else []


def _bare(line: str) -> str:
    while line.startswith("data:"):
        line = line.removeprefix("data:").lstrip()
    return line


def _is_json(text: str) -> bool:
    try:
        parse_json(text)
    except ValueError:
        return False
    return True


def _decoded(_call: Call, events: Events) -> Events:
    """The events, each encoded once."""
    return [_decoded_once(event) for event in events]


def _decoded_once(event: SentEvent) -> SentEvent:
    if event.payload.kind is not PayloadKind.DOUBLE_ENCODED:
        return event
    return replace(event, data=str(json.loads(event.data)))


def _written_as_json(_call: Call, events: Events) -> Events:
    """The events with all data in JSON: read in another way, or left out if it is not a loss.

    What speaks of an item or of the thread is one: it stays as unreadable as it is.
    """
    made = [_as_json(event) if event.payload.kind is PayloadKind.BROKEN else event for event in events]
    return [
        event
        for event in made
        if event.payload.kind is not PayloadKind.BROKEN or not event.terminated or _TELLING.search(event.data)
    ]


def _as_json(event: SentEvent) -> SentEvent:
    """What Python prints of an object is read as Python reads it; what is cut short stays as it is."""
    try:
        value = ast.literal_eval(event.data.strip())
        return replace(event, data=dumped(value)) if isinstance(value, dict) else event
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return event


def _without_markers(_call: Call, events: Events) -> Events:
    """The events without ``[DONE]``."""
    return [event for event in events if event.payload.kind is not PayloadKind.DONE]


REPAIRS: Final = (
    Repair(
        "sse-bad-framing",
        "puts `data: ` before each JSON document of the body and a blank line after it.",
        each_call(_framed),
    ),
    Repair(
        "sse-double-encoded",
        "decodes the data of each event a second time.",
        each_stream(_decoded),
    ),
    Repair(
        "sse-bad-json",
        "rewrites Python reprs as JSON, and drops broken data that carries no item.",
        each_stream(_written_as_json),
        unless="The data is truncated or garbled: its content is not in the recording.",
    ),
    Repair(
        "sse-done-marker",
        "removes the `[DONE]` markers.",
        each_stream(_without_markers),
    ),
)
"""The repairs of this module, in the order in which they are made."""
