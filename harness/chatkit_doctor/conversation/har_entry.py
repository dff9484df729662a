"""What is in one entry of a HAR: its moment, its request, its answer, its body."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chatkit_doctor.conversation.body_limits import MAX_BYTES
from chatkit_doctor.conversation.conversation import Preflight
from chatkit_doctor.conversation.transport_faults import TransportFault, of_text, told
from chatkit_doctor.protocol.events import member
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.regular_files import NotAllowedError, read_regular

LONGEST_MS: Final = 366 * 24 * 3_600_000.0
"""A year: what is longer was not measured."""
_WITHOUT_BODY: Final = frozenset({204, 205, 304})


def entries_of(document: object) -> list[JsonObject]:
    """The entries of a HAR in the order in which they began; none where it has another shape."""
    log = member(document, "log") if isinstance(document, Mapping) else {}
    found = log.get("entries")
    entries = [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []
    return sorted(entries, key=began)


@dataclass(frozen=True, slots=True)
class Body:
    """The body of an answer: its bytes, None where the HAR does not hold them."""

    data: bytes | None
    is_rebuilt: bool = False
    """Whether it was put together from the events that the browser noted."""


def answer_body(entry: JsonObject, folder: Path | None) -> Body:
    """The body of an entry's answer. ``folder`` is where the HAR lies."""
    data = _content(member(member(entry, "response"), "content"), folder)
    noted = entry.get("_eventSourceMessages")
    if not data and isinstance(noted, list) and noted:
        # Chrome keeps the events of a stream even where it did not keep the stream.
        return Body(b"".join(_framed(message) for message in noted if isinstance(message, Mapping)), True)
    return Body(data)


def lacks_body(entry: JsonObject, body: Body) -> bool:
    """Whether an answer had a body which the HAR does not hold."""
    response = member(entry, "response")
    answered = status_of(response)
    has_one = 200 <= answered < 300 and answered not in _WITHOUT_BODY and not failure_of(response)
    return body.data is None and has_one


def sent_body(request: JsonObject, folder: Path | None) -> bytes:
    """The body of a request; empty where it has none, or the HAR does not hold it."""
    return _content(member(request, "postData"), folder) or b""


def _content(content: JsonObject, folder: Path | None) -> bytes | None:
    """A body: as text, in base64, or in a file beside the HAR; None where it is not there."""
    written = content.get("text")
    if isinstance(written, str):
        return _decoded(written, text(content.get("encoding")))
    name = content.get("_file")
    if folder is None or not isinstance(name, str):
        return None
    try:
        return read_regular(folder / name, MAX_BYTES, below=folder)
    except (OSError, NotAllowedError):
        return None


def _decoded(written: str, encoding: str) -> bytes | None:
    if encoding != "base64":
        return written.encode(errors="replace")
    try:
        return base64.b64decode(written)
    except ValueError:
        return None


def _framed(message: JsonObject) -> bytes:
    """An event as a stream would carry it."""
    name, id_ = text(message.get("eventName")), text(message.get("eventId"))
    lines = [f"event: {name}"] if name not in {"", "message"} else []
    lines += [f"id: {id_}"] if id_ else []
    lines += [f"data: {line}" for line in text(message.get("data")).split("\n")]
    return ("\n".join(lines) + "\n\n").encode(errors="replace")


def content_type(entry: JsonObject) -> str:
    """The content type of an answer without its parameters, in lower case; empty where none is told."""
    response = member(entry, "response")
    header = headers_of(response).get("content-type", "") or text(member(response, "content").get("mimeType"))
    return header.partition(";")[0].strip().lower()


def is_passed_on(entry: JsonObject) -> bool:
    """Whether a redirect repeats the same request elsewhere, which is an entry of its own."""
    response = member(entry, "response")
    return status_of(response) in {307, 308} and "location" in headers_of(response)


def preflight_of(entry: JsonObject) -> Preflight:
    """The answer to a browser's ``OPTIONS`` request."""
    response = member(entry, "response")
    status = status_of(response) or None
    asked = headers_of(member(entry, "request")).get("access-control-request-headers", "")
    error = failure_of(response)
    return Preflight(status, headers_of(response), asked, "" if status else error or "there was no response")


def status_of(response: JsonObject) -> int:
    """The HTTP status; 0 where there was no response, or what stands there is none."""
    status = number(response.get("status"))
    return int(status) if 100 <= status <= 999 else 0


def failure_of(response: JsonObject) -> str:
    """What went wrong, in the browser's words; the header that a body contradicts is named."""
    error = text(response.get("_error")) or text(response.get("_failureText"))
    if of_text(error) is TransportFault.BODY_UNDECODABLE:
        coding = headers_of(response).get("content-encoding", "")
        return told(TransportFault.BODY_UNDECODABLE, f"it says {coding}" if coding else "")
    return error


def headers_of(message: JsonObject) -> dict[str, str]:
    """Headers by their lower-case names, without those of HTTP/2 that are none."""
    found = message.get("headers")
    pairs = [pair for pair in found if isinstance(pair, Mapping)] if isinstance(found, list) else []
    named = ((text(pair.get("name")).lower(), text(pair.get("value"))) for pair in pairs)
    return {name: value for name, value in named if name and not name.startswith(":")}


def began(entry: JsonObject) -> float:
    """When a request began, in ms since 1970; 0 where the HAR does not say."""
    try:
        moment = datetime.fromisoformat(text(entry.get("startedDateTime")))
    except ValueError:
        return 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


def text(value: object) -> str:
    """A value that should be a text; empty where it is none."""
    return value if isinstance(value, str) else ""


def number(value: object) -> float:
    """A number of ms or a status; a HAR writes -1 for what does not apply."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    try:
        found = float(value)
    except OverflowError:
        return 0.0
    return found if 0.0 <= found <= LONGEST_MS else 0.0
