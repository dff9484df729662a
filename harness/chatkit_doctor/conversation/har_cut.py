"""Where a HAR ends that is not whole: a download that was interrupted, half of a file that was copied."""

from __future__ import annotations

import json
import re
from json import JSONDecodeError
from typing import Final

from chatkit_doctor.conversation.har_rewritten import endpoint
from chatkit_doctor.errors import RecordingError
from chatkit_doctor.safe_text import one_line

_ENTRIES: Final = re.compile(r'"entries"\s*:\s*\[')
_REQUEST: Final = re.compile(r'"request"\s*:\s*\{')
_METHOD: Final = re.compile(r'"method"\s*:\s*"([A-Za-z]{1,20})"')
_URL: Final = re.compile(r'"url"\s*:\s*"([^"\\]{1,4000})')
_BETWEEN: Final = re.compile(r"[\s,]*")
_PADDING: Final = " \t\r\n\0"
"""What may fill the rest of a file that was not downloaded to its end."""
_BEGUN: Final = re.compile(r"t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-|\.|[eE][+-]?")
"""What is left of a value that was cut, behind what can be read of it."""
_LONGEST: Final = 200
"""Characters of an endpoint."""
_HINT: Final = "Export it again, or copy the whole file"


def is_cut(text: str, error: ValueError) -> bool:
    """Whether what is not JSON would have been some, had it only gone on."""
    if not isinstance(error, JSONDecodeError):
        return False
    if error.msg.startswith("Unterminated string"):
        return True
    rest = text[error.pos :].strip(_PADDING)
    return not rest or _BEGUN.fullmatch(rest) is not None or (rest[0] in "u\\" and len(rest) < len("\\u0000"))


def cut_off(text: str, source: str) -> RecordingError:
    """The error for a HAR that is cut off: says where."""
    size = len(text.rstrip(_PADDING))
    entries = _ENTRIES.search(text)
    if entries is None:
        what = f"this HAR is cut off: it ends after {size:,} characters, before its first entry"
        return RecordingError(what, where=source, hint=f"{_HINT}.")
    whole, at = _whole_entries(text, entries.end())
    rest = text[at:].strip(_PADDING)
    place = f"in entry {whole + 1}{_asked(text, at)}" if rest.startswith("{") else f"behind entry {whole}"
    if not whole and not rest.startswith("{"):
        place = "before its first entry"
    what = f"this HAR is cut off: it ends after {size:,} characters, {place}"
    return RecordingError(what, where=source, hint=f"{_HINT}; {whole} entries of this one are whole.")


def _whole_entries(text: str, at: int) -> tuple[int, int]:
    """How many entries are whole, and where the next one begins."""
    decoder = json.JSONDecoder()
    count = 0
    while True:
        at = _next(text, at)
        try:
            _, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return count, at
        count += 1


def _next(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return between.end() if between is not None else at


def _asked(text: str, at: int) -> str:
    """What the entry that is cut asked for, if it says so."""
    request = _REQUEST.search(text, at)
    if request is None:
        return ""
    method, url = _METHOD.search(text, request.end()), _URL.search(text, request.end())
    if method is None or url is None:
        return ""
    name = endpoint({"request": {"method": method[1], "url": url[1]}})
    return f" ({one_line(name, _LONGEST)})" if name else ""
