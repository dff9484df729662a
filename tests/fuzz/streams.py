"""Streams as no backend should send them: good and foreign ones, damaged in events, framing and bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from tests.chatkit_events import HELLO, Event, created, done, streamed, user
from tests.differential.generated import BLOCKS, DAMAGE, Maker, assistant_message
from tests.fuzz.damaged_bytes import BYTE_DAMAGE
from tests.fuzz.damaged_values import VALUE_DAMAGE, written
from tests.protocol.dialect_streams import DIALECT_STREAMS

MOST_DAMAGE: Final = 4
"""Times that one stream is damaged in its events, and as often in its bytes."""
MOST_BYTES: Final = 2_000_000
"""Of one stream; what goes on beyond that is a flood, and tested as one."""
FOREIGN_PERCENT: Final = 12
"""Streams of another protocol, in percent."""
CUT_PERCENT: Final = 6
UNDAMAGED_PERCENT: Final = 5

Sent = Event | str | tuple[str, object]
"""An event, data as it is, or data with the name of its event."""
_OTHER_BLOCKS: Final = tuple(block for block in BLOCKS if block is not assistant_message)
_LINE_ENDS: Final = ("\n", "\n", "\n", "\r\n", "\r")
_WRITES: Final = (0, 0, 1, 7, 100)
"""Bytes per write; 0 writes all at once."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One answer to a message, and what it was made from."""

    name: str
    body: bytes
    replies: tuple[str, ...]
    """What the backend meant to say before anything was damaged; empty for streams of other protocols."""
    is_cut: bool = False
    """Whether the connection breaks after the body."""
    bytes_per_write: int = 0


def streams(count: int, seed: int, first: int = 0) -> list[Stream]:
    """So many streams from a number on; each depends on its number and the seed alone."""
    return [_stream(seed, number) for number in range(first, first + count)]


def _stream(seed: int, number: int) -> Stream:
    make = Maker(Random(f"{seed} {number}"))  # noqa: S311 - made to be made again
    words, events, replies = _foreign(make) if make.chance(FOREIGN_PERCENT) else _good(make)
    how = [words]
    is_damaged = not make.chance(UNDAMAGED_PERCENT)
    for _ in range(make.below(MOST_DAMAGE) if is_damaged else 0):
        damage: Callable[[Maker, list[Any]], None] = make.one((*DAMAGE, *VALUE_DAMAGE, _mix))
        damage(make, events)
        how.append(_name(damage))
    text = _framed(make, events, how)
    body = text.encode("utf-8", "surrogatepass")[:MOST_BYTES]
    for _ in range(make.below(MOST_DAMAGE) if is_damaged and make.chance(50) else 0):
        harm: Callable[[Maker, bytes], bytes] = make.one(BYTE_DAMAGE)
        body = harm(make, body)
        how.append(_name(harm))
    is_cut = is_damaged and make.chance(CUT_PERCENT)
    return Stream(f"{seed}/{number}: {', '.join(how)}", body, replies, is_cut, make.one(_WRITES))


def _good(make: Maker) -> tuple[str, list[Any], tuple[str, ...]]:
    events: list[Any] = [created(), done(user(HELLO))]
    replies = []
    for number in range(1, 2 + make.below(2)):
        replies.append(make.text())
        events += streamed(replies[-1], f"reply{number}", 1 + make.below(4))
        if make.chance(40):
            events += make.one(_OTHER_BLOCKS)(make)
    return "good", json.loads(json.dumps(events)), tuple(replies)


def _foreign(make: Maker) -> tuple[str, list[Any], tuple[str, ...]]:
    name = make.one(sorted(DIALECT_STREAMS))
    return name, json.loads(json.dumps(DIALECT_STREAMS[name])), ()


def _mix(make: Maker, events: list[Any]) -> None:
    """Some events of another protocol, somewhere."""
    foreign: Sequence[Sent] = DIALECT_STREAMS[make.one(sorted(DIALECT_STREAMS))]
    begin = make.below(len(foreign))
    at = make.below(len(events) + 1)
    events[at:at] = json.loads(json.dumps(foreign[begin : begin + 1 + make.below(3)]))


def _framed(make: Maker, events: Sequence[Any], how: list[str]) -> str:
    """The events as server-sent events: mostly as one would write them, in every form the standard knows."""
    plain = make.chance(60)
    end = "\n" if plain else make.one(_LINE_ENDS)
    prefix = "data: " if plain else make.one(("data: ", "data:", "data:  "))
    has_names, has_ids, has_comments, is_split = (not plain and make.chance(25) for _ in range(4))
    parts = [make.one(("\ufeff", "", "", f"retry: 9{end}{end}"))] if not plain else []
    for number, event in enumerate(events):
        name, data = event if isinstance(event, list) and len(event) == 2 else (None, event)
        if has_names and isinstance(event, dict):
            name = str(event.get("type"))
        lines = [f"event: {name}"] if name else []
        lines += [f"id: {number}"] if has_ids else []
        lines += [": ping"] if has_comments else []
        text = data if isinstance(data, str) else written(data)
        cut = text.find(", ") + 1 if is_split else 0
        lines += [prefix + piece for piece in ((text[:cut], text[cut:]) if cut else (text,))]
        parts.append(end.join(lines) + end + end)
    if not plain:
        how.append("framed in another way")
    return "".join(parts)


def _name(damage: Callable[..., object]) -> str:
    return getattr(damage, "__name__", "").strip("_").replace("_", " ")
