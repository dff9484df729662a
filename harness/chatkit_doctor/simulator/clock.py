"""The model's clock: measured times where there are any, a steady pace where there are none.

Between two steps of a user there is a pause, which a client that plays the component's part does not make.
The model puts it in; within a step everything keeps its distance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from chatkit_doctor.conversation.conversation import Call, Chunk
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.vocabulary import STREAMING_OPS

PAUSE_MS: Final = 100.0
"""From the end of one step to the beginning of the next."""
LATENCY_MS: Final = 40.0
"""From a request to its answer, where nothing was measured."""
STREAM_MS: Final = 300.0
"""How long a body takes that was not measured: too short for anything to be said of how it arrived."""


@dataclass(slots=True)
class Clock:
    """Places the times of calls on the model's clock, in ms. ``now`` is the latest moment it has reached."""

    now: float = 0.0
    _shift: float = 0.0

    def next_step(self, call: Call) -> float:
        """The moment at which a step begins whose first request is this call."""
        self._shift = max(self._shift, self.now + PAUSE_MS - call.t_ms)
        return self.at(call.t_ms)

    def at(self, t_ms: float) -> float:
        """A measured time on the model's clock."""
        t = t_ms + self._shift
        self.now = max(self.now, t)
        return t


def in_order(calls: Iterable[Call]) -> Iterator[Call]:
    """Calls whose times never run backwards: a browser may note a body's end before its last piece."""
    for call in calls:
        answered = max(call.t_ms, call.answered_ms)
        times = list(accumulate((chunk.t_ms for chunk in call.chunks), max, initial=answered))
        chunks = tuple(Chunk(t, chunk.data) for t, chunk in zip(times[1:], call.chunks, strict=True))
        ended = max(times[-1], call.ended_ms)
        yield replace(call, answered_ms=answered, chunks=chunks, ended_ms=ended)


def paced(calls: Iterable[Call], pace_ms: float | None = None) -> Iterator[Call]:
    """Calls without measured times, at a steady pace: a stream event by event, another body at once.

    ``pace_ms`` is the time from one event to the next; without it each body takes as long as any other.
    """
    t = 0.0
    for call in calls:
        answered = t + LATENCY_MS
        chunks = _spread(call, answered, pace_ms)
        ended = (chunks[-1].t_ms if chunks else answered) + LATENCY_MS
        yield replace(call, t_ms=t, answered_ms=answered, chunks=chunks, ended_ms=ended)
        t = ended


def _spread(call: Call, begin_ms: float, pace_ms: float | None) -> tuple[Chunk, ...]:
    body = call.body
    if call.op not in STREAMING_OPS or not body:
        return (Chunk(begin_ms, body),) if body else ()
    starts = [0, *(event.at for event in parse(body)[0][1:])]
    ends = [*starts[1:], len(body)]
    pace = STREAM_MS / len(starts) if pace_ms is None else pace_ms
    return tuple(
        Chunk(begin_ms + number * pace, body[start:end])
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )
