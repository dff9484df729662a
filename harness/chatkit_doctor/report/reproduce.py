"""The requests of a recording as ``curl`` commands, with placeholders where secrets were."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from chatkit_doctor.recording.reader import Entry, Recording
from chatkit_doctor.recording.redaction import MASK
from chatkit_doctor.recording.views.exchanges import Exchange, exchanges
from chatkit_doctor.report.model import RequestModel

FILE: Final = "reproduce.sh"
"""The name of the script beside the report."""

_MOST_REQUESTS: Final = 20
_WITHOUT_TURN: Final = 3
"""Requests shown of a session in which no message ever left: the first of each kind."""

_ADDED_BY_BROWSERS: Final = re.compile(
    r"(accept.*|cache-control|connection|content-length|dnt|host|keep-alive|origin|pragma|priority|referer"
    r"|sec-.*|te|transfer-encoding|upgrade.*|user-agent|:.*)$"
)
"""Headers that a browser adds by itself, or that belong to its connection."""
_PLACEHOLDERS: Final = {"authorization": "TOKEN", "proxy-authorization": "TOKEN", "cookie": "COOKIE"}
_VARIABLE: Final = re.compile(r'"\$([A-Z_][A-Z0-9_]*)"')
_SHORTENED: Final = re.compile(r"… \[\d+ characters more\]")


def requests(recording: Recording) -> list[RequestModel]:
    """One request for each that carried a turn; where there was none, the first ones of any kind.

    A repetition of the same request by the component counts once.
    """
    sent = [(e, e.attempts[0].sent) for e in exchanges(recording) if e.attempts]
    # Where only an answer was saved there is a request, but no address to send it to.
    on_wire = [(exchange, entry) for exchange, entry in sent if entry is not None and entry.text("url")]
    turns = [pair for pair in on_wire if pair[0].streaming and pair[0].turn is not None][:_MOST_REQUESTS]
    return [_model(exchange, entry) for exchange, entry in turns or _first_of_each(on_wire)]


def script(requests: Sequence[RequestModel]) -> str:
    """All of them as a shell script: the variables to set first, then one command after the other."""
    names = sorted({name for request in requests for name in request.variables})
    lines = ["#!/bin/sh", "# Sends the requests of this recording once more."]
    if names:
        lines.append(f"# Set these first; their values were not recorded: {', '.join(names)}")
    for request in requests:
        turn = f"turn {request.turn}: " if request.turn is not None else ""
        lines += ["", f"# {turn}{_comment(request.op)}"]
        lines += ["# The recording holds only the beginning of this body."] if request.shortened else []
        lines.append(request.command)
    return "\n".join(lines) + "\n"


def _first_of_each(sent: Sequence[tuple[Exchange, Entry]]) -> list[tuple[Exchange, Entry]]:
    first: dict[str, tuple[Exchange, Entry]] = {}
    for exchange, entry in sent:
        first.setdefault(exchange.op, (exchange, entry))
    return list(first.values())[:_WITHOUT_TURN]


def _model(exchange: Exchange, sent: Entry) -> RequestModel:
    body = sent.data.get("body")
    text = "" if body is None else body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    # -N: the events show as they come.
    parts = ["curl", "-N", "-X", shlex.quote(sent.text("method") or "POST")]
    parts.append(_quoted(sent.text("url"), "SECRET"))
    for header in _headers(sent.object("headers"), has_body=bool(text)):
        parts += ["-H", header]
    parts += ["--data-raw", _quoted(text, "SECRET")] if text else []
    command = " ".join(parts)
    return RequestModel(
        turn=exchange.turn,
        op=exchange.op,
        command=command,
        variables=sorted(set(_VARIABLE.findall(command))),
        shortened=_SHORTENED.search(text) is not None,
    )


def _headers(headers: Mapping[str, object], *, has_body: bool) -> Iterator[str]:
    """The headers that make a difference, quoted for a shell."""
    names = {str(name).lower(): str(value) for name, value in headers.items()}
    if has_body:
        names.setdefault("content-type", "application/json")
    for name in sorted(names, key=lambda name: (name != "content-type", name)):
        if not _ADDED_BY_BROWSERS.match(name):
            yield _quoted(f"{name}: {names[name]}", _placeholder(name))


def _placeholder(name: str) -> str:
    return _PLACEHOLDERS.get(name) or re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "SECRET"


def _quoted(text: str, placeholder: str) -> str:
    """The text for a shell: nothing in it acts, but a masked secret is a variable to be set."""
    pieces = [shlex.quote(piece) if piece else "" for piece in text.split(MASK)]
    return f'"${placeholder}"'.join(pieces) or "''"


def _comment(text: str) -> str:
    """Foreign text in a comment: a line end would end the comment and begin a command."""
    return "".join(character if character.isprintable() else " " for character in text)
