"""Names of other APIs' events: whose they are, and what ChatKit wants in their place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from chatkit_doctor.protocol.dialects import DIALECTS, Dialect, Frame, claim, line_frames
from chatkit_doctor.protocol.dialects.recognition import LOOSE
from chatkit_doctor.protocol.payload import JsonObject


@dataclass(frozen=True, slots=True)
class ForeignName:
    """A name that is none of ChatKit's.

    ``dialects`` are the protocols it belongs to, at least one; ``meant`` is the ChatKit event to send in its
    place, in words, empty where nobody can say. ``sent`` is the event as it is in such a stream.
    """

    name: str
    dialects: tuple[Dialect, ...]
    meant: str
    sent: str

    @property
    def is_invented(self) -> bool:
        """Whether no known API has it: a backend's author made it up."""
        return all(dialect.id in LOOSE for dialect in self.dialects)


@cache
def published() -> Mapping[str, tuple[Dialect, ...]]:
    """Every name that the dialects' table holds, with the protocols that have it."""
    names = dict.fromkeys(name for dialect in DIALECTS for name in dialect.names)
    return {name: tuple(d for d in DIALECTS if name in d.names) for name in names}


def foreign_name(name: str) -> ForeignName | None:
    """What is known of a name; None for one of ChatKit's own, and for one that nobody claims.

    A name that is in no documentation is known where a protocol has a meaning for its like; one that only
    sounds like ChatKit's own never is: it may be one with a letter missing.
    """
    known = published().get(name, ())
    claims = [(frame, *found) for frame in _frames(name) if (found := claim(frame)) and found[1] == name]
    # Of several forms the one of a protocol that has the name by its documentation.
    claims.sort(key=lambda found: (found[1] not in known, found[1].id in LOOSE))
    if not claims:
        return None
    frame, dialect, _ = claims[0]
    if not known and (dialect.id in LOOSE or not dialect.chatkit_event(name)):
        return None
    return _named(name, dialect, frame)


def foreign_event(event: JsonObject, name: str = "") -> ForeignName | None:
    """What is known of a whole event, which says more than its name; ``name`` is the stream's own for it."""
    frame = Frame(name, json.dumps(event, ensure_ascii=False), event)
    claimed = claim(frame)
    return _named(claimed[1], claimed[0], frame) if claimed is not None else None


def foreign_line(line: str) -> ForeignName | None:
    """What is known of a line that no event stream has, such as ``0:"Here "``; None for text."""
    for frame in line_frames(line)[:1]:
        claimed = claim(frame)
        if claimed is not None and claimed[0].id not in LOOSE:
            found = _named(claimed[1], claimed[0], frame)
            return replace(found, sent=frame.data)
    return None


def _named(name: str, dialect: Dialect, frame: Frame) -> ForeignName:
    others = (other for other in published().get(name, ()) if other is not dialect)
    is_known = dialect in published().get(name, (dialect,))
    dialects = (dialect, *others) if is_known else tuple(others)
    return ForeignName(name, dialects, dialect.chatkit_event(name), _written(frame))


def _frames(name: str) -> Iterator[Frame]:
    """The forms in which protocols write an event's name: in its data, before it, as what its data is."""
    for event in (
        {"type": name},
        {"type": name, "text": "Here "},
        {"object": name},
        {"event": name},
        {name: "Here "},
    ):
        yield Frame("", json.dumps(event), event)
    yield Frame(name, "{}", {})


def _written(frame: Frame) -> str:
    data = f"data: {frame.data}"
    return f"event: {frame.name}\n{data}" if frame.name else data
