"""What the probes in the page may say, and its check: until then it is the word of a foreign page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Final, Literal, NoReturn, TypeVar

import msgspec

from chatkit_doctor.recording.entries import (
    ComponentError,
    ComponentEvent,
    DomStall,
    DomState,
    EntryData,
    FetchCall,
    FetchChunk,
    FetchReturned,
    FetchThrew,
    FetchUnwatched,
    PageCall,
    PageCsp,
    PageElement,
    PageError,
    PageOptions,
    RequestAsked,
    SecretAsked,
    SecretFailed,
    SecretGiven,
    SecretRequest,
    SessionCapped,
    SsePosted,
)
from chatkit_doctor.recording.entries.entry_data import Count
from chatkit_doctor.recording.entries.fetch import ReadEnd
from chatkit_doctor.recording.journal import Journal


class FetchRead(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="fetch.end"):
    """The component's reading of a body ends: a ``fetch.end`` whose body is still in the message."""

    call: str
    how: ReadEnd
    size: Count
    text: str
    error: str | None


class SecretValue(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="secret.value"
):
    """The client secret that a page gave: what is never written down, and is masked wherever it stands."""

    value: str


class TeeChunk(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="tee.chunk"):
    """Bytes of an answer, as the page can see them: raw material of the tee gatherer."""

    call: str
    latin1: str
    """Each character is a byte."""


class TeeEnd(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="tee.end"):
    """The end of an answer, as the page can see it."""

    call: str
    how: Literal["finished", "cut"]
    error: str | None = None


Told = (
    PageElement
    | PageOptions
    | PageCall
    | PageCsp
    | PageError
    | SessionCapped
    | RequestAsked
    | SecretAsked
    | SecretRequest
    | SecretGiven
    | SecretFailed
    | FetchCall
    | FetchReturned
    | FetchChunk
    | FetchThrew
    | FetchUnwatched
    | SsePosted
    | ComponentEvent
    | ComponentError
    | DomState
    | DomStall
)
"""Entries that a probe may write as they are."""
Raw = TeeChunk | TeeEnd
"""What only a gatherer can make an entry of."""


class ProbeMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that a probe has to say."""

    at: Annotated[float, msgspec.Meta(ge=0, le=1e15)]
    """When, in Unix time (ms)."""
    entry: Told | FetchRead | SecretValue | Raw


MAX_BATCH: Final = 64 * 1024 * 1024
"""Characters of one batch that are examined at all."""

E = TypeVar("E", bound=EntryData)


def messages_in(batch: str, journal: Journal) -> Iterator[ProbeMessage]:
    """The messages of one batch. What is none is counted in the journal's footer, and that is all."""
    try:
        found = json.loads(batch, parse_constant=_refused) if len(batch) <= MAX_BATCH else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        journal.refuse(None)
        return
    for message in found:
        try:
            # Not decoded at once: the strings of a page may hold what UTF-8 cannot (lone surrogates).
            yield msgspec.convert(message, ProbeMessage)
        except (msgspec.ValidationError, RecursionError):
            journal.refuse(_kind_in(message))


def answer_as(entry: type[E], answer: object, journal: Journal, **known: object) -> E | None:
    """An entry of what a document answered and of what is ``known`` besides; None where that makes none."""
    try:
        fields = answer if isinstance(answer, dict) else {}
        return msgspec.convert({**fields, **known, "kind": entry.__struct_config__.tag}, entry)
    except (msgspec.ValidationError, RecursionError):
        journal.refuse(entry.__struct_config__.tag)
        return None


def _kind_in(message: object) -> object:
    entry = message.get("entry") if isinstance(message, dict) else None
    return entry.get("kind") if isinstance(entry, dict) else None


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
