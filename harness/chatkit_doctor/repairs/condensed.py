"""A long conversation in fewer events that say the same: each simulation of it costs what it has events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from chatkit_doctor.conversation.answers import is_stream
from chatkit_doctor.conversation.conversation import Call, Conversation
from chatkit_doctor.protocol.correction import added_text
from chatkit_doctor.protocol.correction.steps import Delta
from chatkit_doctor.protocol.events import TEXT_DELTA, member, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.repairs.json_text import dumped
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

    Deltas of other protocols are joined, too, if the joined one is read as these were. Each joined one comes
    when the last of its parts came, so that the text grows in the same time.
    """
    return each_call(_shorter)(conversation)


def _shorter(call: Call) -> Call:
    if not was_accepted(call) or not is_stream(call) or call.body.count(b"\n\n") <= MOST_EVENTS:
        return call
    events = events_of(call)
    pieces = [_piece(event) for event in events]
    size = max(1, sum(piece is not None for piece in pieces) // _MOST_DELTAS)
    return with_events(call, events, list(_joined(events, pieces, size)))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of text that can be joined with its neighbours."""

    text: str
    around: object
    """What is the same in all pieces that may be joined."""


def _joined(events: Events, pieces: Sequence[_Piece | None], size: int) -> Iterator[SentEvent]:
    run: list[SentEvent] = []
    texts: list[str] = []
    around: object = None
    for event, piece in zip(events, pieces, strict=True):
        if run and (piece is None or len(run) >= size or piece.around != around):
            yield from _one(run, texts)
            run, texts = [], []
        if piece is None:
            yield event
        else:
            run.append(event)
            texts.append(piece.text)
            around = piece.around
    if run:
        yield from _one(run, texts)


def _piece(event: SentEvent) -> _Piece | None:
    update = member(event.value, "update")
    delta = update.get("delta")
    if type_of(update) == TEXT_DELTA and isinstance(delta, str):
        return _Piece(delta, _saying(event.value, ""))
    added = added_text(event.frame) if event.terminated else None
    if added is None:
        return None
    return _Piece(added.text, (event.name, type_of(event.value), added.key, added.part))


def _saying(value: JsonObject, text: str) -> JsonObject:
    """An update with another piece of text."""
    return {**value, "update": {**member(value, "update"), "delta": text}}


def _one(run: Sequence[SentEvent], texts: Sequence[str]) -> Sequence[SentEvent]:
    """The pieces as one event; as they are where nobody knows how it would be written."""
    last, text = run[-1], "".join(texts)
    if type_of(member(last.value, "update")) == TEXT_DELTA:
        return [last.saying(_saying(last.value, text))]
    if len(run) == 1:
        return run
    wanted = replace(added_text(last.frame) or Delta(""), text=text)
    for data in _written(last, texts[-1], text):
        event = replace(last, data=data)
        if added_text(event.frame) == wanted:
            return [event]
    return run


def _written(event: SentEvent, before: str, after: str) -> Iterator[str]:
    """The data of an event with one of the places changed in which a text stands."""
    if event.data == before:
        yield after
    for value in _replaced(event.value, before, after):
        yield dumped(value)


def _replaced(value: object, before: str, after: str) -> Iterator[object]:
    """A document with one of its strings replaced, for each one that is the wanted one."""
    if value == before:
        yield after
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from ({**value, name: other} for other in _replaced(each, before, after))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from ([*value[:at], other, *value[at + 1 :]] for other in _replaced(each, before, after))
