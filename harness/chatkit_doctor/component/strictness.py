"""What the component makes of an event or a stored thread that differs from the schema.

The schema says what is valid; the component is stricter in some places and more lenient in most. What a wrong
shape does is not written down anywhere: it is put in place of the right one in a good event, and the
component's own state machine shows what results from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from chatkit_doctor.component.chat_state import Chat
from chatkit_doctor.component.examples import EventKind, Example, example_of_kind
from chatkit_doctor.component.picture import Picture
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.protocol.schema import (
    MISSING,
    Path,
    SchemaProblem,
    check_event,
    check_page,
    check_thread,
    value_at,
)

_LONGEST_KEPT: Final = 4_096
"""Characters of a value whose effect is kept for the next event that has the same."""


class Effect(StrEnum):
    """What a wrong shape does to the chat."""

    TOLERATED = "tolerated"
    PANEL_CRASHES = "the whole panel goes blank and stays blank"
    TURN_CRASHES = "the whole turn is replaced by “Something went wrong. Please try again later.”"
    TURN_CRASHES_LATER = (
        "it is shown, but once another item follows, the whole turn is replaced by “Something went wrong. "
        "Please try again later.”"
    )
    NO_THREAD = "the thread is never adopted, every other event is dropped, and the start screen returns"
    SKIPPED = "the event is skipped, with an error in the console only"
    NO_DELTAS = "text deltas for this part are rejected"
    ITEM_IGNORED = "the item is silently ignored"
    IGNORED = "the event is silently ignored"
    NO_TEXT = "the message is shown without its text"
    NOT_LOADED = "the thread is not loaded"


@dataclass(frozen=True, slots=True)
class Violation:
    """One place that is not as the schema wants it, and what the component does with it."""

    problem: SchemaProblem
    effect: Effect

    @property
    def tolerated(self) -> bool:
        """Whether the component does not mind."""
        return self.effect is Effect.TOLERATED

    @property
    def consequence(self) -> str:
        """What the component does with it, in words; empty where it does not mind."""
        return "" if self.tolerated else str(self.effect)


def event_violations(event: JsonObject) -> tuple[Violation, ...]:
    """Every place where an event differs from its schema, in order of the path."""
    return tuple(_judged(check_event(event)))


def thread_violations(thread: object) -> tuple[Violation, ...]:
    """What the component cannot read in the answer of ``threads.get_by_id``."""
    return tuple(_judged(check_thread(thread)))


def page_violations(page: object) -> tuple[Violation, ...]:
    """What the component cannot read in a page of items, as in the answer of ``items.list``."""
    return tuple(_judged(check_page(page)))


def _judged(problems: Iterable[SchemaProblem]) -> Iterator[Violation]:
    for problem in problems:
        event = problem.event
        effect = Effect.NOT_LOADED if event is None else effect_of(event, problem.at)
        yield Violation(problem, effect)


def effect_of(event: JsonObject, at: Path) -> Effect:
    """What the component makes of what an event holds in one place, where the rest of it is good."""
    value = value_at(event, at)
    kind = EventKind.of(event)
    written = "" if value is MISSING else json.dumps(value)
    # A stream that is wrong in one place often is in thousands of its events.
    return _effect(kind, at, value) if len(written) > _LONGEST_KEPT else _known_effect(kind, at, written)


@lru_cache(maxsize=1024)
def _known_effect(kind: EventKind, at: Path, written: str) -> Effect:
    """The effect of a value as it is written in JSON; of none where that is empty."""
    return _effect(kind, at, json.loads(written) if written else MISSING)


def _effect(kind: EventKind, at: Path, value: object) -> Effect:
    example = example_of_kind(kind)
    if example is None:
        return Effect.IGNORED
    good = _run(example, example.event)
    tried = _run(example, with_value(example.event, at, value))
    return _compared(good, tried, has_item="item" in example.event)


@dataclass(slots=True)
class _Run:
    """What was seen of an event: before it, just after it, and at the end of the stream."""

    pictures: list[Picture] = field(default_factory=list)
    complaints: list[int] = field(default_factory=list)
    """How many errors were in the console at each of these moments."""


class _Console:
    def __init__(self) -> None:
        self.errors = 0

    def changed(self, chat: Chat, t: float) -> None:
        """What crashes when it is drawn must be drawn."""
        chat.picture(t)

    def said(self, _name: str, _detail: object, _t: float) -> None:
        """The page is told nothing."""

    def complained(self, _text: str, _t: float) -> None:
        """An error in the console."""
        self.errors += 1


def _run(example: Example, event: JsonObject) -> _Run:
    console, run = _Console(), _Run()
    chat = Chat(console)
    chat.say([{"type": "input_text", "text": "A message"}], 0.0)

    def take(events: Sequence[JsonObject]) -> None:
        for each in events:
            chat.take(each, 0.0)
        run.pictures.append(chat.picture(0.0))
        run.complaints.append(console.errors)

    take(example.before)
    take([event])
    take(example.after)
    chat.settle(0.0)
    run.pictures.append(chat.picture(0.0))
    return run


def _compared(good: _Run, tried: _Run, *, has_item: bool) -> Effect:
    before, after, followed, last = tried.pictures
    is_same = after == before
    wants_change = good.pictures[1] != good.pictures[0]
    found: list[tuple[bool, Effect]] = [
        (last.view == "blank", Effect.PANEL_CRASHES),
        (has_item and not _is_crashed(after) and _is_crashed(followed), Effect.TURN_CRASHES_LATER),
        (_is_crashed(last), Effect.TURN_CRASHES),
        (last.view == "start", Effect.NO_THREAD),
        (tried.complaints[1] > good.complaints[1], Effect.SKIPPED),
        (tried.complaints[2] > good.complaints[2], Effect.NO_DELTAS),
        (wants_change and is_same, Effect.ITEM_IGNORED if has_item else Effect.IGNORED),
        (_lost_text(good.pictures[-1], last), Effect.NO_TEXT),
    ]
    return next((effect for is_so, effect in found if is_so), Effect.TOLERATED)


def _is_crashed(picture: Picture) -> bool:
    return any(alert.kind == "crash" for alert in picture.alerts)


def _lost_text(good: Picture, tried: Picture) -> bool:
    pairs = zip(good.elements, tried.elements, strict=False)
    return any(one.text and not other.text for one, other in pairs if one.kind.endswith("-message"))


def with_value(event: JsonObject, at: Path, value: object) -> JsonObject:
    """An event with something else in one place; in a list that is its last, if it has not so many."""
    if not at:
        return event
    own: dict[str, Any] = dict(event)
    place: Any = own
    *way, last = at
    for key in way:
        inner = place[key] if _holds(place, key) else place[-1] if isinstance(place, list) and place else {}
        copied = list(inner) if isinstance(inner, list) else dict(inner) if isinstance(inner, dict) else {}
        _put(place, key, copied)
        place = copied
    if value is MISSING:
        if isinstance(place, dict):
            place.pop(last, None)
    else:
        _put(place, last, value)
    return own


def _holds(place: object, key: str | int) -> bool:
    return (
        key in place
        if isinstance(place, dict)
        else isinstance(place, list) and isinstance(key, int) and key < len(place)
    )


def _put(place: Any, key: str | int, value: object) -> None:
    if isinstance(place, dict):
        place[key] = value
    elif isinstance(place, list) and isinstance(key, int):
        if key < len(place):
            place[key] = value
        elif place:
            place[-1] = value
        else:
            place.append(value)
