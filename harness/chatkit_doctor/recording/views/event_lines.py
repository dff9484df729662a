"""Events a line each: what the backend sent, and what it should have sent, with their own values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from chatkit_doctor.protocol.events import EVENT_TYPES
from chatkit_doctor.recording.views.exchanges import streams
from chatkit_doctor.safe_text import clip, one_line

if TYPE_CHECKING:
    from chatkit_doctor.recording.reader import Recording

_LONGEST: Final = 60
"""Characters of the value that a line shows."""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event, or neighbours of the same type: its type, the value that tells it from others, how many."""

    type: str
    about: str
    times: int = 1
    known: bool = True
    """Whether ChatKit knows its type."""


def lines_of_stream(text: str) -> list[EventLine]:
    """The events of a stream that this program has written: each the data of one line."""
    data = (line.removeprefix("data:").strip() for line in text.splitlines())
    return list(_lines(_read(each) for each in data if each))


def lines_sent(recording: Recording, turn: int, op: str) -> list[EventLine]:
    """The events that answered an operation of a turn, by the first stream that did."""
    answers = (each for each in streams(recording) if (each.turn, each.op) == (turn, op) and each.received)
    first = next(answers, None)
    return [] if first is None else list(_lines(each.payload.value for each in first.received))


def _lines(events: Iterable[Mapping[str, Any] | None]) -> Iterator[EventLine]:
    told = (_told(event) for event in events)
    for (type_, kind), same in groupby(told, key=itemgetter(0, 1)):
        group = list(same)
        said = "".join(text for _, _, text, _ in group)
        value = f"“{one_line(said, _LONGEST)}”" if said.strip() else group[0][3]
        about = " ".join(filter(None, (clip(kind, _LONGEST), value)))
        yield EventLine(one_line(type_, _LONGEST), about, len(group), type_ in EVENT_TYPES)


def _read(text: str) -> Mapping[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _told(event: Mapping[str, Any] | None) -> tuple[str, str, str, str]:
    """The type of an event, the kind of what it is about, and the text or the id in it."""
    if event is None:
        return "(no JSON object)", "", "", ""
    inner = (event.get(key) for key in ("item", "update", "thread"))
    about: Mapping[str, Any] = next((each for each in inner if isinstance(each, dict)), {})
    text = next(filter(None, (_text(each) for each in (about, event))), "")
    id_ = _string(about.get("id"))
    return (
        _string(event.get("type")) or "(no type)",
        _string(about.get("type")).rpartition(".")[2],
        text,
        f"id “{one_line(id_, _LONGEST)}”" if id_ else "",
    )


def _text(holder: Mapping[str, Any]) -> str:
    content = holder.get("content")
    first = content[0] if isinstance(content, list) and content else content
    for place, key in ((holder, "delta"), (holder, "text"), (first, "text")):
        if isinstance(place, dict) and (value := _string(place.get(key))):
            return value
    return ""


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
