"""The sentence in which an event, or the body of an answer, reports an error, whatever its form.

Backends have a form of their own for this more often than not: FastAPI's ``detail``, OpenAI's
``{"error": {"message": …}}``, Vercel's ``errorText``, ``event: error`` with any JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chatkit_doctor.protocol.events import member, type_of
from chatkit_doctor.protocol.payload import JsonObject

_ERRORS: Final = ("error", "errors", "last_error", "exception", "err")
"""Fields that are there because something failed."""
_SAYING_SO: Final = ("errorText", "error_message", "errorMessage", "error_description", "detail", "traceback")
"""Fields whose name alone says that their text reports an error."""
_WORDS: Final = ("message", "msg", *_SAYING_SO, "description", "reason", "text", "title", "type", "code")
"""Where the words are in an object that reports an error, the most likely first."""
_AROUND: Final = ("response", "data", "message", "run")
"""Fields that hold the object which failed."""
_FAILED: Final = ("error", "fail", "exception")
_DEPTH: Final = 3


def told_error(event: JsonObject, name: str = "") -> str:
    """What an event reports an error; empty where it reports none.

    ``name`` is the stream's own name for the event.
    """
    if found := _told(event, _DEPTH):
        return found
    title = f"{type_of(event)} {name}".lower()
    if not any(word in title for word in _FAILED):
        return ""
    return _sentence(_without_flag(event, ""), _DEPTH)


def _told(value: JsonObject, depth: int) -> str:
    for key in _ERRORS:
        if held := value.get(key):
            return _sentence(_without_flag(value, key) if held is True else held, depth) or str(held)
    for key in _SAYING_SO:
        if found := _sentence(value.get(key), depth):
            return found
    if not depth:
        return ""
    # Most events hold none of these objects, and every event is asked.
    around = (inner for key in _AROUND if (inner := member(value, key)))
    return next((found for inner in around if (found := _told(inner, depth - 1))), "")


def _without_flag(value: JsonObject, flag: str) -> JsonObject:
    """The rest of an object of which one field only says that it reports an error."""
    return {key: inner for key, inner in value.items() if key not in {flag, "type"}}


def _sentence(value: object, depth: int) -> str:
    """The words in a value, as far down as they may lie."""
    if isinstance(value, str):
        return value.strip()
    if not depth:
        return ""
    if isinstance(value, list):
        return next((found for each in value[:5] if (found := _sentence(each, depth - 1))), "")
    if not isinstance(value, Mapping):
        return ""
    keys = (*_WORDS, *_ERRORS)
    return next((found for key in keys if (found := _sentence(value.get(key), depth - 1))), "")
