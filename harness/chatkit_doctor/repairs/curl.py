"""The requests of a recording as ``curl`` commands, with placeholders where secrets were.

A recording may be a stranger's: nothing in it acts in the shell or as an option of ``curl``, and a secret is
sent only to the origin that it was recorded for.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chatkit_doctor.client.probes import is_failure
from chatkit_doctor.component.retry import EVENT_STREAM
from chatkit_doctor.origins import Origin, origin_of
from chatkit_doctor.recording.entries import Entry, EntryData, RequestSent, SessionProbe
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.redaction import MASK
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, exchanges

MOST_COMMANDS: Final = 100
"""Commands made of one recording: the first different ones."""
_WITHOUT_TURN: Final = 3
"""Requests shown of a session in which no message ever left and nothing failed: the first of each kind."""
_MOST_ARGUMENT: Final = 100_000
"""Bytes of a body that is an argument; Linux takes 131,071. A longer one goes through a pipe."""

_ADDED_BY_BROWSERS: Final = re.compile(
    r"(accept.*|cache-control|connection|content-length|dnt|host|keep-alive|origin|pragma|priority|referer"
    r"|sec-.*|te|transfer-encoding|upgrade.*|user-agent|:.*)$"
)
"""Headers that a browser adds by itself, or that belong to its connection."""
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What a header's name may be made of (RFC 9110). ``curl`` takes ``@name`` for a file's."""
_METHOD: Final = re.compile(r"[A-Za-z]{1,20}")
_PREFIX: Final = "CHATKIT_DOCTOR_"
"""Before every variable: one of another name could be set already, and would be sent unasked."""
_SECRET: Final = "SECRET"  # noqa: S105 - the end of a variable's name
_LONGEST_NAME: Final = 60
_MASKED: Final = re.compile(rf"{MASK}+|\[redacted\]")
"""What stands where a secret was, in recordings of today and of earlier versions."""
_LINE_END: Final = re.compile(r"[\r\n]+")
_SHORTENED: Final = re.compile(r"… \[\d+ characters more\]")


@dataclass(frozen=True, slots=True)
class CurlCommand:
    """A request of the session as a command of the shell."""

    turn: int | None
    """None: it belongs to no turn."""
    op: str
    command: str
    variables: tuple[str, ...] = ()
    """Shell variables that stand for secrets in it: they were not recorded."""
    shortened: bool = False
    """Whether only the beginning of the body was recorded."""


def curl_commands(recording: Recording, evidence: Collection[int] = ()) -> list[CurlCommand]:
    """One request for each that carried a turn, failed, or left one of these journal entries behind.

    Of what was only tried on a backend, what failed is among them.

    Where there was none, the first ones of any kind. A repetition of the same request counts once.
    """
    # Where only an answer was saved there is a request, but no address to send it to.
    on_wire = [
        _Sent(exchange, attempt, attempt.sent)
        for exchange in exchanges(recording)
        for attempt in exchange.attempts
        if attempt.sent is not None and _is_http(attempt.sent)
    ]
    on_wire.sort(key=lambda each: each.entry.t)
    numbers = frozenset(evidence)
    telling = [each for each in on_wire if each.carries_turn or each.has_failed(numbers)]
    origins = _Origins()
    made: dict[str, CurlCommand] = {}
    for each in telling or _first_of_each(on_wire):
        request = _command(each.exchange.turn, each.exchange.op, each.entry.data, origins)
        made.setdefault(request.command, request)
    for probe in recording.of(SessionProbe):
        if is_failure(probe.data.probe, probe.data.status, probe.data.error):
            request = _command(None, probe.data.op, _as_sent(probe.data), origins)
            made.setdefault(request.command, request)
    return list(made.values())[:MOST_COMMANDS]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request that reached the network."""

    exchange: Exchange
    attempt: Attempt
    entry: Entry[RequestSent]

    @property
    def carries_turn(self) -> bool:
        return self.exchange.streaming and self.exchange.turn is not None

    def has_failed(self, evidence: frozenset[int]) -> bool:
        """Whether its answer is none of the kind that was requested, or an audit speaks of it."""
        attempt = self.attempt
        is_no_stream = self.exchange.streaming and attempt.mime != EVENT_STREAM
        if attempt.failed is not None or not attempt.accepted or attempt.how == "cut" or is_no_stream:
            return True
        return any(entry.n in evidence for entry in _entries(attempt))


def _entries(attempt: Attempt) -> Iterator[Entry[EntryData]]:
    single: tuple[Entry[EntryData] | None, ...] = (
        attempt.sent,
        attempt.response,
        attempt.failed,
        attempt.preflight,
        attempt.end,
    )
    yield from (entry for entry in single if entry is not None)
    yield from attempt.chunks
    yield from attempt.parsed


def _first_of_each(sent: Sequence[_Sent]) -> list[_Sent]:
    first: dict[str, _Sent] = {}
    for each in sent:
        first.setdefault(each.exchange.op, each)
    return list(first.values())[:_WITHOUT_TURN]


def _is_http(sent: Entry[RequestSent]) -> bool:
    return sent.data.url.lower().startswith(("http://", "https://"))


@dataclass(slots=True)
class _Origins:
    """Numbers the origins: a secret that was meant for one is never sent to another."""

    known: dict[Origin | str, int] = field(default_factory=dict)

    def suffix(self, url: str) -> str:
        """What a variable's name ends with for a URL; nothing for the first origin."""
        number = self.known.setdefault(origin_of(url) or url, len(self.known) + 1)
        return f"_{number}" if number > 1 else ""


@dataclass(slots=True)
class _Words:
    """The words of one command, each quoted so that nothing in it acts."""

    suffix: str
    variables: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)

    def add(self, *words: str) -> None:
        """Words of our own."""
        self.words += words

    def quoted(self, text: str, name: str = _SECRET) -> str:
        """Foreign text; where a secret was masked in it stands a variable that must be set."""
        variable = f"{_PREFIX}{name}{self.suffix}"
        pieces = [shlex.quote(_writable(piece)) if piece else "" for piece in _MASKED.split(text)]
        if len(pieces) > 1:
            self.variables.add(variable)
        return f'"${{{variable}:?}}"'.join(pieces) or "''"


def _as_sent(probe: SessionProbe) -> RequestSent:
    return RequestSent(
        id="",
        url=probe.url,
        method="POST",
        op=probe.op,
        body=probe.body,
        headers=probe.headers,
        auth={},
    )


def _command(turn: int | None, op: str, sent: RequestSent, origins: _Origins) -> CurlCommand:
    body = sent.body
    # A lone surrogate has a form in JSON, and none in a file.
    text = "" if body is None else body if isinstance(body, str) else _json(body)
    url, method = sent.url, sent.method
    command = _Words(origins.suffix(url))
    data = command.quoted(text) if text else ""
    is_long = len(data.encode(errors="replace")) > _MOST_ARGUMENT
    command.add(*(["printf", "%s", data, "|"] if is_long else []))
    # -N: the events show as they come. -g: brackets and braces of the URL are meant as they stand.
    command.add("curl", "-N", "-g", "--request", method if _METHOD.fullmatch(method) else "POST")
    command.add("--url", command.quoted(url))
    for name, value in _headers(sent.headers, has_body=bool(text)):
        # curl leaves a header out that ends in a colon, and sends an empty one that ends in a semicolon.
        line = f"{name}: {value}" if value else f"{name};"
        command.add("--header", command.quoted(line, _variable(name)))
    if data:
        command.add(*(["--data-binary", "@-"] if is_long else ["--data-raw", data]))
    return CurlCommand(
        turn=turn,
        op=op,
        command=" ".join(command.words),
        variables=tuple(sorted(command.variables)),
        shortened=_SHORTENED.search(text) is not None,
    )


def _headers(headers: Mapping[str, object], *, has_body: bool) -> Iterator[tuple[str, str]]:
    """The headers that make a difference, without what would be another header or a file's name to curl."""
    names = {str(name).lower(): _LINE_END.sub(" ", str(value)) for name, value in headers.items()}
    if has_body:
        names.setdefault("content-type", "application/json")
    for name in sorted(names, key=lambda name: (name != "content-type", name)):
        if _TOKEN.fullmatch(name) and not _ADDED_BY_BROWSERS.match(name):
            yield name, names[name]


def _variable(header: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", header.upper()).strip("_")[:_LONGEST_NAME] or _SECRET


def _json(body: object) -> str:
    text = json.dumps(body, ensure_ascii=False)
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)


def _writable(text: str) -> str:
    """Text that a script can hold: no argument has a NUL, and no file a lone surrogate."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
