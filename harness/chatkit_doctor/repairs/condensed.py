"""A long conversation in fewer events that say the same: each simulation of it costs what it has events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.protocol.events import TEXT_DELTA, member, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.repairs.streams import (
    Events,
    SentEvent,
    each_call,
    events_of,
    was_accepted,
    with_events,
)

MOST_EVENTS: Final = 200
"""A stream of fewer events stays as it is."""
_MOST_DELTAS: Final = 100
"""Pieces of text that are left of the deltas of a longer one."""


def condensed(conversation: Conversation) -> Conversation:
    """The conversation with neighbouring deltas of one text joined, where a stream has very many events.

    Each joined one comes when the last of its parts came, so that the text grows in the same time.
    """
    return each_call(_shorter)(conversation)


def _shorter(call: Call) -> Call:
    if not was_accepted(call) or not is_stream(call) or call.body.count(b"\n\n") <= MOST_EVENTS:
        return call
    events = events_of(call)
    deltas = [_delta(event.value) for event in events]
    size = max(1, sum(delta is not None for delta in deltas) // _MOST_DELTAS)
    return with_events(call, events, list(_joined(events, deltas, size)))


def _joined(events: Events, deltas: Sequence[str | None], size: int) -> Iterator[SentEvent]:
    run: list[SentEvent] = []
    texts: list[str] = []
    around: JsonObject = {}
    for event, delta in zip(events, deltas, strict=True):
        frame = {} if delta is None else _without_text(event)
        if run and (len(run) >= size or frame != around):
            yield _one(run, texts)
            run, texts = [], []
        if delta is None:
            yield event
        else:
            run.append(event)
            texts.append(delta)
            around = frame
    if run:
        yield _one(run, texts)


def _delta(event: JsonObject) -> str | None:
    """The text that an update adds; None where it is none that can be joined with its neighbours."""
    update = member(event, "update")
    delta = update.get("delta")
    return delta if type_of(update) == TEXT_DELTA and isinstance(delta, str) else None


def _without_text(event: SentEvent) -> JsonObject:
    return {**event.value, "update": {**member(event.value, "update"), "delta": ""}}


def _one(run: Sequence[SentEvent], texts: Sequence[str]) -> SentEvent:
    value = run[-1].value
    return run[-1].saying({**value, "update": {**member(value, "update"), "delta": "".join(texts)}})
