"""What a file given to ``lint`` holds, recognised by its content, as a conversation."""

from __future__ import annotations

import io
import os
import re
import selectors
import stat
import sys
from pathlib import Path
from typing import IO, Final

from chatkit_doctor.conversation import answer_files, har, recorded, saved
from chatkit_doctor.conversation.conversation import Conversation
from chatkit_doctor.conversation.har_cut import cut_off, is_cut
from chatkit_doctor.errors import RecordingError, UsageError
from chatkit_doctor.protocol.payload import parse_json

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""A larger file is refused; a recording has limits of its own."""
PIPE_LIMIT_S = 60.0
"""How long the next bytes of a named pipe are waited for."""
_PIECE: Final = 65_536
STANDARD_INPUT: Final = "-"

_RECORDING: Final = re.compile(rb'\s*\{\s*"kind"\s*:\s*"header"')
_HAR: Final = re.compile(r'\s*\{\s*"log"\s*:\s*\{')
_HAR_BEGUN: Final = re.compile(r'\s*\{\s*(?:"(?:l(?:o(?:g(?:"\s*(?::\s*)?)?)?)?)?)?')
"""What may be left of one that was cut in its first line."""
_BEGINNING: Final = 4096
"""Bytes by which a HAR is recognised."""
_ZIP: Final = b"PK\x03\x04"
MAX_VALUES: Final = 5_000_000
"""Values in a HAR: each takes some 100 bytes of memory once it is read, however short it is written."""
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def read_file(path: Path | None, *, op: str | None = None, match: str | None = None) -> Conversation:
    """The conversation in a HAR, a recording (its journal or folder), a folder of answers, or a saved body.

    Without a path it is read from standard input. ``op`` is the operation that a saved body answers, or that
    the rewritten requests of a HAR stand for; nothing else needs it. ``match`` is for a HAR alone, and
    narrows its requests down by their URL. Raises UsageError for what cannot be opened, and for a ``match``
    where there is nothing to narrow down; RecordingError for what cannot be read or is too large.
    """
    # Path.is_dir() raises for a name that is too long.
    if path is not None and os.path.isdir(path):  # noqa: PTH112
        _refuse(match, str(path))
        return answer_files.read(path) if answer_files.is_folder_of_answers(path) else recorded.read(path)
    name = str(path) if path is not None else STANDARD_INPUT
    data = _bytes(path, name)
    if not data.strip():
        hint = "Save an answer with curl -sN -i … > answer.txt, or a HAR with content from the browser."
        raise RecordingError("it is empty", where=name, hint=hint)
    if _RECORDING.match(data):
        _refuse(match, name)
        if path is None:
            raise RecordingError(
                "a recording cannot be read from standard input: its bodies are separate files",
                where=name,
                hint="Pass its path.",
            )
        return recorded.read(path)
    if data.startswith(_ZIP):
        raise RecordingError("this is a ZIP archive", where=name, hint="Unpack it, and pass the .har inside.")
    if _HAR.match(saved.as_text(data[:_BEGINNING])):
        folder = path.parent if path is not None else None
        return har.read(_document(saved.as_text(data), name), name, folder, op=op, match=match)
    if name.lower().endswith(".har") and _HAR_BEGUN.fullmatch(saved.as_text(data[:_BEGINNING])):
        raise cut_off(saved.as_text(data), name)
    _refuse(match, name)
    return saved.read(data, name, op)


def _refuse(match: str | None, name: str) -> None:
    if match is not None:
        raise UsageError(
            f"--match {match} selects requests of a HAR, but this is not a HAR",
            where=name,
            hint="Omit it.",
        )


def _bytes(path: Path | None, name: str) -> bytes:
    if path is None and sys.stdin is None:
        raise UsageError(
            "standard input is closed", where=name, hint="Pass a file, or pipe a response into it."
        )
    try:
        if path is None:
            return _within_limit(sys.stdin.buffer, name)
        if stat.S_ISFIFO(path.stat().st_mode):
            return _piped(path, name)
        with path.open("rb") as file:
            return _within_limit(file, name)
    except ValueError as error:  # a NUL in the name
        raise UsageError(f"cannot be read: {error}", where=name) from error
    except OSError as error:
        hint = "Pass a URL, a HAR, a saved response, a recording, or - for standard input."
        raise UsageError(f"cannot be read: {error.strerror or error}", where=name, hint=hint) from error


def _piped(path: Path, name: str) -> bytes:
    """What comes through a named pipe; one that nobody writes to would be waited for without end."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as pipe:  # noqa: PTH123
        data = b""
        while len(data) <= MAX_FILE_BYTES and _has_come(pipe, name):
            piece = pipe.read(_PIECE)
            if not piece:
                break
            data += piece
    return _within_limit(io.BytesIO(data), name)


def _has_come(pipe: IO[bytes], name: str) -> bool:
    # Not select.select: it knows no file beyond the first 1,024 that a process has open.
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        if selector.select(PIPE_LIMIT_S):
            return True
    raise RecordingError(
        f"no data arrived through this pipe for {PIPE_LIMIT_S:g} s",
        where=name,
        hint="Is anything writing to it? Save the response to a file first.",
    )


def _within_limit(file: IO[bytes], name: str) -> bytes:
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise RecordingError(
            f"the file is larger than {MAX_FILE_BYTES // 1024 // 1024} MB",
            where=name,
            hint="Record a shorter session, or filter the requests to the ChatKit backend before saving.",
        )
    return data


def _document(text: str, name: str) -> object:
    if _values(text) > MAX_VALUES and _values(_STRING.sub("", text)) > MAX_VALUES:
        hint = "Record a shorter session, or filter the requests to the ChatKit backend before saving."
        raise RecordingError(f"the HAR holds more than {MAX_VALUES:,} values", where=name, hint=hint)
    try:
        return parse_json(text)
    except ValueError as error:
        if is_cut(text, error):
            raise cut_off(text, name) from error
        hint = "The file is damaged: export it again."
        raise RecordingError(
            f"this starts like a HAR but is not valid JSON: {error}", where=name, hint=hint
        ) from error


def _values(text: str) -> int:
    """No fewer than the values in a JSON text; what is in strings is counted, too."""
    return text.count("{") + text.count("[") + text.count(",")
