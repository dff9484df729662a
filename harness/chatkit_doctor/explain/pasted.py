"""Reading what someone pasted: an id, a name with its quotes, a line of a stream, an event, a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.protocol.events import is_bare_item, member, type_of
from chatkit_doctor.protocol.payload import JsonObject, PayloadKind, read_payload

MOST_CHARACTERS: Final = 20_000
"""What of a pasted text is examined."""
_TYPE: Final = re.compile(r'"type"\s*:\s*"(?P<name>[^"\\]{1,100})"')
_AROUND: Final = " \t\r\n\"'`,;:“”‘’"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted, taken apart. ``name`` is what it names, ``event`` the JSON object in it, if any."""

    text: str
    name: str
    event: JsonObject | None = None
    kind: PayloadKind | None = None
    """What the data of a line is, where the text is one or begins with one."""

    @property
    def is_bare_item(self) -> bool:
        """Whether it is an item without the event that should be around it."""
        return self.event is not None and is_bare_item(self.event)


def read_pasted(text: str) -> Pasted:
    """Take a pasted text apart. Whatever it is, something results from it."""
    text = text[:MOST_CHARACTERS].strip()
    name, data = _fields(text)
    payload = read_payload(data) if data else None
    event = payload.value if payload is not None else None
    if event is not None:
        named = type_of(event) or name
        update = type_of(member(event, "update"))
        return Pasted(text, update if named == "thread.item.updated" and update else named, event)
    if payload is not None and data != text:
        return Pasted(text, name, kind=payload.kind)
    # What was copied of a long event ends in the middle.
    begun = _TYPE.search(text) if data else None
    return Pasted(text, name or (begun["name"] if begun else _name(text)))


def _fields(text: str) -> tuple[str, str]:
    """The name and the data of the first event in the text; data alone where it is JSON without a stream."""
    name = data = ""
    for line in text.splitlines():
        field, _, value = line.partition(":")
        if field.strip() == "event" and not name:
            name = _name(value)
        elif field.strip() == "data" and not data:
            data = value.strip()
    if not name and not data and text.startswith("{"):
        data = text
    return name, data


def _name(text: str) -> str:
    """The text without the quotes and the commas that came with it: of ``"type": "x",`` it is ``x``."""
    bare = text.strip(_AROUND)
    field, _, value = bare.partition(":")
    return value.strip(_AROUND) if field.strip(_AROUND) in {"type", "object", "event"} and value else bare
