"""A body that was saved, with or without the head of its answer (``curl -i``), as a conversation."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chatkit_doctor.conversation.conversation import BodyEnd, Call, Chunk, Conversation
from chatkit_doctor.errors import RecordingError
from chatkit_doctor.vocabulary import STREAMING_OPS

DEFAULT_OP: Final = "threads.create"
MAX_UNPACKED_BYTES: Final = 64 * 1024 * 1024
_HEAD: Final = re.compile(rb"HTTP/[0-9.]+ (\d{3})[^\r\n]*\r?\n((?:[^\r\n]+\r?\n)*)\r?\n")
_GZIP: Final = b"\x1f\x8b"
_ANY_WRAPPER: Final = 47
"""``wbits`` of zlib for a gzip or zlib wrapper."""


@dataclass(slots=True)
class _Answer:
    """What is known of the answer while the file is unwrapped."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    how: BodyEnd = "finished"
    error: str = ""


def read(data: bytes, source: str, op: str | None) -> Conversation:
    """A conversation of one call. Raises RecordingError for a compressed body that cannot be unpacked."""
    answer = _Answer(data)
    asked = op or DEFAULT_OP
    if op is None:
        answer.notes.append(
            f"which operation this answers is not known: it is read as {DEFAULT_OP} (see --op)"
        )
    _recode(answer)
    _take_head(answer, asked)
    _unpack(answer, source)
    call = Call(
        asked,
        "",
        0.0,
        status=answer.status,
        headers=answer.headers,
        chunks=(Chunk(0.0, answer.body),) if answer.body else (),
        how=answer.how,
        error=answer.error,
    )
    answer.notes.append("a saved body has no times: nothing is said of how it arrived")
    return Conversation("stream", source, (call,), tuple(answer.notes), timed=False)


def as_text(data: bytes) -> str:
    """Bytes as the text they were meant to be, whatever the tool that saved them made of it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    return data.removeprefix(codecs.BOM_UTF8).decode(errors="replace")


def _recode(answer: _Answer) -> None:
    """PowerShell saves what a program prints as UTF-16."""
    if answer.body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        answer.body = as_text(answer.body).encode()
        answer.notes.append("the file is UTF-16, as PowerShell writes it: it was read as the text it holds")


def _take_head(answer: _Answer, op: str) -> None:
    """The head of the last answer: those of redirects and of ``100 Continue`` come before it."""
    found = None
    while head := _HEAD.match(answer.body):
        found, answer.body = head, answer.body[head.end() :]
    if found is None:
        mime = "text/event-stream" if op in STREAMING_OPS else "application/json"
        answer.headers = {"content-type": mime}
        answer.notes.append(
            f"status and headers are not known: they are taken for 200 and {mime} (curl -i saves them)"
        )
        return
    lines = found[2].decode("latin-1").splitlines()
    pairs = (line.partition(":") for line in lines)
    answer.status = int(found[1])
    answer.headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and len(answer.body) < int(length):
        answer.how = "cut"
        answer.error = f"{len(answer.body)} of {length} bytes (content-length) are there"


def _unpack(answer: _Answer, source: str) -> None:
    """A body that was saved as it came over the wire, compressed."""
    if not answer.body.startswith(_GZIP):
        return
    unpacker = zlib.decompressobj(_ANY_WRAPPER)
    try:
        body = unpacker.decompress(answer.body, MAX_UNPACKED_BYTES)
    except zlib.error as error:
        hint = "Save it again with curl --compressed."
        raise RecordingError(f"it cannot be unpacked: {error}", where=source, hint=hint) from error
    if unpacker.unconsumed_tail:
        size = f"{MAX_UNPACKED_BYTES // 1024 // 1024} MB"
        raise RecordingError(
            f"unpacked it is larger than {size}", where=source, hint="Save a shorter answer."
        )
    answer.body = body
    answer.notes.append("the body was saved compressed, and was unpacked")
