"""A conversation as a folder of answers, one file each, as ``curl -i`` saves them: to be read and edited.

``2-threads.add_user_message.http`` is the second answer, and what it answers. A file holds the status line,
the headers, a blank line and the body. There are no times in it: each event of a stream comes a little after
the one before, as a live one does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

from chatkit_doctor.conversation import saved
from chatkit_doctor.conversation.body_limits import MAX_BYTES
from chatkit_doctor.conversation.conversation import Call, Chunk, Conversation
from chatkit_doctor.errors import RecordingError
from chatkit_doctor.regular_files import NotAllowedError, read_regular
from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS

BETWEEN_EVENTS_MS: Final = 20.0
"""From one event of a stream to the next."""
_BETWEEN_CALLS_MS: Final = 1_000.0
_MOST_FILES: Final = 1_000
_NAME: Final = re.compile(r"(\d{1,6})-([a-z_.]+?)(?:-attempt-(\d{1,2}))?\.http")
_BLANK_LINE: Final = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_KEPT: Final = ("content-type", "cache-control")
"""Headers that make a difference to the component; all others belong to a server or to a connection."""


def is_folder_of_answers(path: Path) -> bool:
    """Whether a folder holds answers under the names that they have here."""
    return any(_NAME.fullmatch(each.name) for each in path.glob("*.http"))


def read(path: Path) -> Conversation:
    """The conversation in a folder of answers.

    Raises RecordingError for a file that cannot be read or answers no operation of ChatKit.
    """
    named = [(found, each) for each in path.glob("*.http") if (found := _NAME.fullmatch(each.name))]
    named.sort(key=lambda pair: (int(pair[0][1]), int(pair[0][3] or 1), pair[1].name))
    calls = [_call(found, each, at) for at, (found, each) in enumerate(named[:_MOST_FILES])]
    return Conversation("stream", str(path), tuple(calls), timed=False)


def _call(named: re.Match[str], path: Path, at: int) -> Call:
    op, attempt = named[2], int(named[3] or 1)
    if op not in STREAMING_OPS | JSON_OPS:
        raise RecordingError(f"{op} is not a ChatKit operation", where=str(path))
    try:
        content = read_regular(path, MAX_BYTES, below=path.parent)
    except (NotAllowedError, OSError) as error:
        raise RecordingError(f"cannot be read: {error}", where=str(path)) from error
    (call,) = saved.read(content, str(path), op).calls
    begun = at * _BETWEEN_CALLS_MS
    pieces = _pieces(call.body) if op in STREAMING_OPS else [call.body]
    chunks = tuple(Chunk(begun + n * BETWEEN_EVENTS_MS, each) for n, each in enumerate(pieces) if each)
    ended = chunks[-1].t_ms if chunks else begun
    return replace(call, t_ms=begun, answered_ms=begun, chunks=chunks, ended_ms=ended, attempt=attempt)


def _pieces(body: bytes) -> list[bytes]:
    cuts = [0, *(found.end() for found in _BLANK_LINE.finditer(body)), len(body)]
    return [body[begin:end] for begin, end in pairwise(cuts)]


def written(conversation: Conversation) -> Mapping[str, bytes]:
    """The files of a conversation by their names; a request that was never answered has none."""
    files: dict[str, bytes] = {}
    number = 0
    for call in conversation.calls:
        number += call.attempt == 1 or not number
        if call.status is not None:
            again = f"-attempt-{call.attempt}" if call.attempt > 1 else ""
            files[f"{number}-{call.op}{again}.http"] = _written(call)
    return files


def _written(call: Call) -> bytes:
    headers = [f"{name}: {call.headers[name]}" for name in _KEPT if name in call.headers]
    head = "\n".join([f"HTTP/1.1 {call.status}", *(" ".join(line.split()) for line in headers)])
    return head.encode(errors="replace") + b"\n\n" + call.body
