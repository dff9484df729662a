"""A corrected stream laid beside the one that was received: event by event, what stands for what."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from chatkit_doctor.protocol.events import TEXT_DELTA, member, type_of
from chatkit_doctor.protocol.payload import JsonObject

_NAMES: Final = frozenset({"id", "item_id", "thread_id"})
"""Members that name a thing: a corrected stream has names of its own."""
_TIMES: Final = frozenset({"created_at"})
_NEAR: Final = 64
"""How many events further on an equal one is looked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a corrected event belongs: in place of the received ones from ``start`` up to ``stop``.

    It is new where they are the same number. ``same``: what was received says it already.
    """

    start: int
    stop: int
    same: bool = False


@dataclass(slots=True)
class Names:
    """The names of a session\'s backend, and those that a corrected stream gives to the same things."""

    given: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)

    def fit(self, received: str, corrected: str) -> bool:
        """Whether a name stands for this thing, as it does from now on if it stood for none yet."""
        known = self.given.setdefault(received, corrected)
        return known == corrected and self.taken.setdefault(corrected, received) == received


@dataclass(frozen=True, slots=True)
class Told:
    """A corrected event, and the received events that it is made of, by their places."""

    event: JsonObject
    says: range | None
    opening: bool = False
    """Whether it opens the stream, and what it is made of is well-formed: the backend has its own words."""


def beside(received: Sequence[JsonObject | None], told: Sequence[Told], names: Names) -> tuple[Place, ...]:
    """The place of each corrected event, in their order; None stands for what holds no object.

    ``names`` are those of the whole session, so that a name used for two things is seen.
    """
    matched = dict(_matched(received, told))
    taken = {place for span in matched.values() for place in span}
    found: list[Place] = []
    behind = 0
    for number, each in enumerate(told):
        span = matched.get(number)
        if span is not None:
            same = all(_names_fit(received[place], each.event, names) for place in span)
        else:
            span, same = each.says, False
            if span is None or span.stop < behind or taken & set(span):
                span = range(behind, behind)
        found.append(Place(span.start, span.stop, same))
        behind = max(behind, span.stop)
    return tuple(found)


def _matched(received: Sequence[JsonObject | None], told: Sequence[Told]) -> Iterator[tuple[int, range]]:
    """The corrected events that say what was received, but for names: their numbers, and where that is."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, value in enumerate(received):
        if value is not None:
            places[_nameless(value)].append(place)
    behind = 0
    for number, each in enumerate(told):
        span = _said(received, each, places, behind)
        if span is not None:
            yield number, span
            behind = span.stop


def _said(
    received: Sequence[JsonObject | None], told: Told, places: dict[str, list[int]], behind: int
) -> range | None:
    says = told.says if told.says is not None and told.says.start >= behind else range(0)
    if says and (told.opening or (len(says) > 1 and _is_in_pieces(received, told))):
        return says
    later = (place for place in places.get(_nameless(told.event), ()) if place >= behind)
    place = next(later, None)
    return None if place is None or place > behind + _NEAR else range(place, place + 1)


def _is_in_pieces(received: Sequence[JsonObject | None], told: Told) -> bool:
    """Whether what was received is the same text in smaller pieces."""
    values = [received[place] or {} for place in told.says or ()]
    deltas = [member(value, "update").get("delta") for value in values]
    if any(type_of(member(value, "update")) != TEXT_DELTA for value in values):
        return False
    if "".join(map(str, deltas)) != member(told.event, "update").get("delta"):
        return False
    return len({_nameless(value, text="") for value in [*values, told.event]}) == 1


def _nameless(event: JsonObject, *, text: str | None = None) -> str:
    """What an event says but for names, times and what is null; with another text in its update."""
    value = _without_names(event)
    if text is not None and isinstance(value, dict):
        value["update"] = {**value.get("update", {}), "delta": text}
    return json.dumps(value, sort_keys=True, default=str)


def _without_names(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: "" if key in _NAMES and isinstance(each, str) else _without_names(each)
            for key, each in value.items()
            if each is not None and key not in _TIMES
        }
    return [_without_names(each) for each in value] if isinstance(value, list) else value


def _names_fit(received: object, corrected: object, names: Names) -> bool:
    """Whether each name in one event stands for the same thing as its counterpart in the other."""
    if isinstance(received, dict) and isinstance(corrected, dict):
        return all(
            names.fit(each, corrected[key])
            if key in _NAMES and isinstance(each, str) and isinstance(corrected[key], str)
            else _names_fit(each, corrected[key], names)
            for key, each in received.items()
            if key in corrected
        )
    if isinstance(received, list) and isinstance(corrected, list):
        return all(_names_fit(one, other, names) for one, other in zip(received, corrected, strict=False))
    return True
