"""The raw streams of a session: every event as it was received, beside what should have been sent."""

from __future__ import annotations

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
    """The streams of a session in order. ``keep``: entries that must be among those that are kept."""
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
        _instead(exchange, correction, kept) if correction is not None else None,
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


def _instead(exchange: Exchange, correction: CorrectedStream, kept: Sequence[int]) -> tuple[Instead, ...]:
    """The corrected events beside the received ones that are kept."""
    at: Mapping[int, int] = {place: number for number, place in enumerate(kept)}
    found: list[Instead] = []
    behind = 0
    for text, place in zip(_events_of(correction.text), correction.beside, strict=False):
        span = [at[each] for each in range(place.start, place.stop) if each in at]
        if not span and place.start < place.stop <= len(exchange.received):
            continue  # It stands for what is not kept either.
        start, stop = (span[0], span[-1] + 1) if span else (behind, behind)
        behind = max(behind, stop)
        found.append(Instead(start, stop, "" if place.same and span else _shown(text)))
    return tuple(found)


def _events_of(stream: str) -> Iterable[str]:
    """The data of the events of a stream as this program writes it: one line each."""
    return (line.removeprefix("data: ") for line in stream.split("\n\n") if line.startswith("data: "))
