"""What a stream says, told in steps that are the same for every protocol."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.protocol.dialects.dialect import Frame
from chatkit_doctor.protocol.payload import JsonObject

_TEXT_KEYS: Final = (
    "output_text",
    "text",
    "value",
    "transcript",
    "content",
    "delta",
    "parts",
    "refusal",
)
"""Under which keys protocols keep the text of a message or of a part of it, the surest first."""

_MOST_NESTED: Final = 8
"""How deep a text may lie: a bound against absurd nesting."""


@dataclass(frozen=True, slots=True)
class Started:
    """A message of the assistant begins. ``key`` is its id in the stream; empty where it has none."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """More text of a message; without a key, of the one that is being told."""

    text: str
    key: str = ""
    part: Hashable = 0


@dataclass(frozen=True, slots=True)
class FullText:
    """All the text of a message's part, as far as it is known by now."""

    text: str
    key: str = ""
    part: Hashable = 0
    annotations: tuple[JsonObject, ...] = ()
    revised: bool = False
    """Whether it is meant to take the place of a message that was finished before."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A message is finished: what comes under its key from now on is another one."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class Working:
    """The backend says what it is busy with."""

    text: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The backend reports an error; without a message in the component's general words."""

    message: str = ""


@dataclass(frozen=True, slots=True)
class PassThrough:
    """An event that is ChatKit already and tells nothing of a message."""

    event: JsonObject


Step = Started | Delta | FullText | Ended | Working | Failed | PassThrough
Reader = Callable[[Frame], Iterator[Step]]
"""What one frame of a protocol says."""


def text_in(value: object, depth: int = 0) -> str:
    """The text in a message, in its content or in a part of it, wherever a protocol keeps it."""
    if isinstance(value, str):
        return value
    if depth >= _MOST_NESTED:
        return ""
    if isinstance(value, list):
        return "".join(text_in(each, depth + 1) for each in value)
    if isinstance(value, Mapping):
        found = (text_in(value[key], depth + 1) for key in _TEXT_KEYS if key in value)
        return next((text for text in found if text), "")
    return ""


def string(value: object) -> str:
    """A string or a number as text; empty for anything else."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def failure(event: JsonObject) -> Failed:
    """What an event that reports an error says about it."""
    for value in (event.get("error"), event.get("last_error"), event.get("response"), event):
        if isinstance(value, str) and value:
            return Failed(value)
        if isinstance(value, Mapping):
            inner = value.get("error")
            found = value.get("message") or value.get("errorText") or value.get("detail")
            if isinstance(inner, Mapping):
                found = found or inner.get("message")
            if isinstance(found, str) and found:
                return Failed(found)
    return Failed()


def using(tool: object) -> Iterator[Step]:
    """A tool is being used; nothing where its name is not known."""
    if isinstance(tool, str) and tool:
        yield Working(f"Using {tool}")


def part_of(update: JsonObject, key: str = "content_index", default: int = 0) -> Hashable:
    """The part of a message that an update is for, by the name that its protocol gives to the index.

    What counts as an index for the component counts here: 0 and "0" are one part.
    """
    index = update.get(key, default)
    if isinstance(index, str) and index.isdecimal():
        return int(index)
    return index if isinstance(index, str | int | float) or index is None else repr(index)
