"""The raw streams of a session: every event as it was received, beside what should have been sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Exchange, Received, streams
from chatkit_doctor.recording.views.told_events import event_name
from chatkit_doctor.repairs.corrected_streams import CorrectedStream
from chatkit_doctor.safe_text import clip, one_line, printable

LONGEST: Final = 4_000
"""Characters kept of one event."""
MOST_CHARACTERS: Final = 8_000_000
"""Characters kept of all events of a session."""


@dataclass(frozen=True, slots=True)
class RawEvent:
    """An event as it was received: its entry, when (ms), what it is called, and its data."""

    n: int
    t: float
    name: str
    data: str


@dataclass(frozen=True, slots=True)
class Instead:
    """An event that should have been sent.

    It stands for the received ones from ``start`` up to ``stop``, by their places; for none where they are
    the same number.
    """

    start: int
    stop: int
    data: str
    """Empty where it is just what was received."""


@dataclass(frozen=True, slots=True)
class RawStream:
    """One stream. ``instead`` is None where nothing is known to be wrong with its events."""

    op: str
    turn: int | None
    n: int
    events: tuple[RawEvent, ...]
    instead: tuple[Instead, ...] | None
    received: int
    """How many events there were in all."""
    framing: tuple[str, ...]
    """What is wrong with the bytes between the events."""
    lost_tail: str
    """What came last and without its blank line, so that nobody read it."""


def raw_streams(
    recording: Recording, corrections: Sequence[CorrectedStream], *, keep: frozenset[int] = frozenset()
) -> tuple[RawStream, ...]:
    """The streams of a session in order. ``keep``: entries that have to be among those that are kept."""
    beside = {each.stream: each for each in corrections if each.stream}
    budget = _Budget(MOST_CHARACTERS)
    found = []
    for number, exchange in enumerate(streams(recording), start=1):
        if exchange.received or exchange.lost_tail is not None or exchange.body_text:
            found.append(_stream(exchange, beside.get(number), keep, budget))
    return tuple(found)


class _Budget:
    """How many characters may still be kept."""

    def __init__(self, characters: int) -> None:
        self._left = characters

    def allows(self, size: int) -> bool:
        """Whether there is room for so many more; it is then taken."""
        self._left -= size
        return self._left >= 0


def _stream(
    exchange: Exchange, correction: CorrectedStream | None, keep: frozenset[int], budget: _Budget
) -> RawStream:
    kept = [
        place
        for place, event in enumerate(exchange.received)
        if budget.allows(min(len(event.data), LONGEST)) or event.n in keep
    ]
    events = [exchange.received[place] for place in kept]
    tail = exchange.lost_tail
    first = exchange.asked or (exchange.last.sent if exchange.last is not None else None)
    return RawStream(
        exchange.op,
        exchange.turn,
        first.n if first is not None else 0,
        tuple(map(_event, events)),
        _instead(correction, events, kept) if correction is not None else None,
        len(exchange.received),
        tuple(dict.fromkeys(problem.text for problem in exchange.framing)),
        _shown(tail.data if tail is not None else exchange.body_text),
    )


def _event(event: Received) -> RawEvent:
    return RawEvent(
        event.n, round(event.t, 2), printable(one_line(event_name(event), 120)), _shown(event.data)
    )


def _shown(data: str) -> str:
    return clip(printable(data), LONGEST)


def _instead(
    correction: CorrectedStream, events: Sequence[Received], kept: Sequence[int]
) -> tuple[Instead, ...]:
    """The corrected events, each beside the received ones it says; what is added stands behind the last."""
    at: Mapping[int, int] = {place: number for number, place in enumerate(kept)}
    found: list[Instead] = []
    behind = 0
    for text, says in zip(_events_of(correction.text), correction.stands_for, strict=False):
        places = [at[place] for place in says if place in at] if says is not None else []
        if says is not None and not places:
            continue  # It stands for what is not kept either.
        start, stop = (places[0], places[-1] + 1) if places else (behind, behind)
        behind = max(behind, stop)
        is_same = stop > start and _same(events[start:stop], json.loads(text))
        found.append(Instead(start, stop, "" if is_same else _shown(text)))
    return tuple(sorted(found, key=lambda each: each.start))


def _events_of(stream: str) -> Iterable[str]:
    """The data of the events of a stream as this program writes it: one line each."""
    return (line.removeprefix("data: ") for line in stream.split("\n\n") if line.startswith("data: "))


def _same(events: Sequence[Received], wanted: object) -> bool:
    """Whether events say what they should, however their JSON is spaced, be it in smaller pieces of text."""
    values = [event.payload.value for event in events]
    if len(values) == 1:
        return values[0] == wanted
    pieces = [_piece(value) for value in values]
    if None in pieces:
        return False
    first, *others = [each for each in pieces if each is not None]
    return all(each[1] == first[1] for each in others) and (
        _piece(wanted) == ("".join(each[0] for each in [first, *others]), first[1])
    )


def _piece(value: object) -> tuple[str, object] | None:
    """The text that an update adds, and all else that it says; None for any other event."""
    update = value.get("update") if isinstance(value, Mapping) else None
    delta = update.get("delta") if isinstance(update, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(update, Mapping) or not isinstance(delta, str):
        return None
    return delta, {**value, "update": {**update, "delta": ""}}
