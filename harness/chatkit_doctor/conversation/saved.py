"""A body that was saved, with or without the head of its answer (``curl -i``, ``-v``), as a conversation."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from chatkit_doctor.conversation.body_limits import BodyLimits
from chatkit_doctor.conversation.content_coding import BodyDecoder, UndecodableError, codings
from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation
from chatkit_doctor.conversation.curl_output import CurlOutput, unmixed
from chatkit_doctor.conversation.transport_faults import TransportFault, told
from chatkit_doctor.errors import RecordingError
from chatkit_doctor.recording.entries.wire import BodyEnd
from chatkit_doctor.vocabulary import STREAMING_OPS

DEFAULT_OP: Final = "threads.create"
MAX_HEADS: Final = 60
"""Heads before a body: redirects, of which curl follows 50, and ``100 Continue``."""
MAX_HEAD_BYTES: Final = 300 * 1024
"""Of one head: curl's own limit."""
_STATUS_LINE: Final = re.compile(rb"HTTP/[0-9.]{1,9} (\d{3})\b")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_GZIP: Final = b"\x1f\x8b"


@dataclass(slots=True)
class _Answer:
    """What is known of the answer while the file is unwrapped."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    how: BodyEnd = "finished"
    error: str = ""
    unread: str = ""


def read(data: bytes, source: str, op: str | None) -> Conversation:
    """A conversation of one call.

    Raises RecordingError for a compressed body that cannot be unpacked, and where curl got no answer.
    """
    answer = _Answer(data)
    asked = op or DEFAULT_OP
    if op is None:
        answer.notes.append(f"the operation that this answers is unknown: assuming {DEFAULT_OP} (see --op)")
    _recode(answer)
    printed = _unmix(answer, source)
    _take_head(answer, asked)
    size = len(answer.body)
    _unpack(answer, source)
    _compare_length(answer, size)
    _end_as_told(answer, printed)
    call = Call(
        asked,
        "",
        0.0,
        status=answer.status,
        headers=answer.headers,
        chunks=(Chunk(0.0, answer.body),) if answer.body else (),
        how=answer.how,
        error=answer.error,
        unread=answer.unread,
    )
    answer.notes.append("a saved body has no timing: how it arrived is unknown")
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
        answer.notes.append("the file is UTF-16, as written by PowerShell: it was decoded")


def _unmix(answer: _Answer, source: str) -> CurlOutput:
    """What curl told of itself is not part of the answer."""
    printed = unmixed(answer.body)
    why = printed.failed or printed.gave_up or printed.broke_off
    if printed.was_mixed and not printed.data.strip():
        hint = (
            "Is the backend running, and is the URL right? Run chatkit-doctor lint URL to query it directly."
        )
        what = f"curl got no response{f' ({why})' if why else ''}"
        raise RecordingError(what, where=source, hint=hint)
    if printed.was_mixed:
        answer.notes.append("curl's own output (-v, progress, errors) was removed")
    if printed.failed:
        answer.notes.append(f"curl failed: {printed.failed}")
    answer.body = printed.data
    return printed


def _end_as_told(answer: _Answer, printed: CurlOutput) -> None:
    """A body that did not end, as curl tells it."""
    if printed.broke_off and not answer.error:
        answer.how = "cut"
        answer.error = told(TransportFault.BODY_CUT, printed.broke_off)
    elif printed.gave_up and not answer.unread:
        answer.how, answer.unread = "open", printed.gave_up


def _take_head(answer: _Answer, op: str) -> None:
    """The head of the last answer: those of redirects and of ``100 Continue`` come before it."""
    found, at = None, 0
    for _ in range(MAX_HEADS):
        status = _STATUS_LINE.match(answer.body, at)
        end = _HEAD_END.search(answer.body, at, at + MAX_HEAD_BYTES) if status is not None else None
        if status is None or end is None:
            break
        found, at = (status[1], answer.body[at : end.start()]), end.end()
    answer.body = answer.body[at:]
    if found is None:
        mime = "text/event-stream" if op in STREAMING_OPS else "application/json"
        answer.headers = {"content-type": mime}
        answer.notes.append(f"status and headers are unknown: assuming 200 and {mime} (curl -i saves them)")
        return
    pairs = (line.partition(":") for line in found[1].decode("latin-1").splitlines()[1:])
    answer.status = int(found[0])
    answer.headers = {name.strip().lower(): value.strip() for name, _, value in pairs}


def _unpack(answer: _Answer, source: str) -> None:
    """A body that was saved as it came over the wire, compressed; and as much of any as is examined."""
    coding = answer.headers.get("content-encoding", "")
    is_unnamed = answer.body.startswith(_GZIP) and not codings(coding)
    # Where no head names it, its own first bytes do.
    coding = "gzip" if is_unnamed else coding
    limits, kept = BodyLimits(), list[bytes]()
    try:
        for piece in BodyDecoder(coding).feed(answer.body):
            taken, answer.unread = limits.take(piece)
            kept.append(taken)
            if answer.unread:
                answer.how = "open"
                answer.notes.append(f"the body was not read completely: {answer.unread}")
                break
    except UndecodableError as error:
        if is_unnamed:
            hint = "Save it again with curl --compressed."
            raise RecordingError(
                "it starts as gzip but cannot be decompressed", where=source, hint=hint
            ) from error
        if not kept:
            _contradict(answer, str(error))
            return
        answer.how, answer.error = "cut", told(TransportFault.BODY_UNDECODABLE, str(error))
    body = b"".join(kept)
    if codings(coding) and body:
        answer.notes.append("the body was saved compressed, and was decompressed")
    answer.body = body


def _contradict(answer: _Answer, why: str) -> None:
    """A body that is not encoded although its head says so."""
    length = _length(answer)
    if length == len(answer.body):
        # As long as the head says, so nobody has unpacked it.
        answer.body, answer.how = b"", "cut"
        answer.error = told(TransportFault.BODY_UNDECODABLE, why)
        return
    answer.notes.append(
        "the head has a content-encoding, but the body is not encoded: either curl --compressed "
        "decompressed it, or a browser would reject it"
    )
    answer.body, answer.unread = BodyLimits().take(answer.body)


def _compare_length(answer: _Answer, size: int) -> None:
    """A body of which less was saved than its head announces."""
    length = _length(answer)
    # What curl itself has unpacked is of another length.
    is_as_sent = not codings(answer.headers.get("content-encoding", "")) or size != len(answer.body)
    if length is not None and size < length and is_as_sent and not answer.error:
        answer.how = "cut"
        answer.error = f"only {size} of {length} bytes (content-length) are present"


def _length(answer: _Answer) -> int | None:
    length = answer.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 20 else None
