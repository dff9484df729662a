"""The times by which things are told in order: nothing comes before what brought it about.

The browser's network, its page and the frame in it have clocks of their own, which can be some milliseconds
apart: an answer may seem to end before it began, an event to reach the component before it reached the
browser. What is recorded stays as it is; these times are for telling it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from chatkit_doctor.recording.entries import Entry, SsePosted, StepBegin, StepEnd
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchange import Attempt, Exchange, PageFetch
from chatkit_doctor.recording.views.exchanges import exchanges

AnyKind = Entry[Any]


def told_times(recording: Recording) -> Mapping[int, float]:
    """For entries that seem to come before what brought them about, when they are told: right after it.

    By their number, in ms; all others are told when they were seen. Use as ``recording.derive(told_times)``.
    """
    later = _Later()
    begins = {entry.data.index: entry for entry in recording.of(StepBegin)}
    for end in recording.of(StepEnd):
        later.after(end, [begins.get(end.data.index)])
    posted = {entry.n: entry for entry in recording.of(SsePosted)}
    for exchange in exchanges(recording):
        for call in exchange.calls:
            _of_call(call, exchange, later)
        for attempt in exchange.attempts:
            _of_attempt(attempt, exchange, later)
        _of_received(exchange, [posted[each.n] for each in exchange.received if each.n in posted], later)
    return later.times


class _Later:
    """Entries that are moved behind others."""

    def __init__(self) -> None:
        self.times: dict[int, float] = {}

    def after(self, entry: AnyKind | None, earlier: Iterable[AnyKind | None]) -> None:
        """An entry comes after these."""
        if entry is None:
            return
        floor = max((self._time(each) for each in earlier if each is not None), default=-math.inf)
        if self._time(entry) < floor:
            self.times[entry.n] = math.nextafter(floor, math.inf)

    def in_turn(self, chain: Iterable[AnyKind | None]) -> None:
        """Each of these comes after the one before it."""
        before: AnyKind | None = None
        for entry in chain:
            if entry is not None:
                self.after(entry, [before])
                before = entry

    def _time(self, entry: AnyKind) -> float:
        return self.times.get(entry.n, entry.t)


def _of_call(call: PageFetch, exchange: Exchange, later: _Later) -> None:
    later.in_turn([exchange.asked, call.call])
    later.after(call.threw, [call.call])
    later.after(call.unwatched, [call.call])
    later.in_turn([call.call, call.returned, *call.chunks, call.end])


def _of_attempt(attempt: Attempt, exchange: Exchange, later: _Later) -> None:
    later.in_turn([exchange.asked, attempt.sent, attempt.response, *attempt.chunks])
    later.after(attempt.failed, [attempt.sent])
    later.in_turn([attempt.sent, attempt.response, *attempt.parsed])
    # A body is over when the last of it was there; its last event may be read a moment later.
    later.after(attempt.end, [attempt.sent, attempt.response, *attempt.chunks[-1:]])


def _of_received(exchange: Exchange, posted: Iterable[Entry[SsePosted]], later: _Later) -> None:
    """What the component was given comes after its answer, and after the bytes in which it begins.

    When an event was read off the wire is no measure: a body may be read only when it is over.
    """
    # Of several attempts nobody says which an event is from.
    attempt = exchange.attempts[0] if len(exchange.attempts) == 1 else Attempt("")
    begins = [chunk.data.at for chunk in attempt.chunks]
    parsed = iter(attempt.parsed)
    before: AnyKind | None = exchange.asked
    for entry in posted:
        twin = next((each for each in parsed if each.data.data == entry.data.data), None)
        place = bisect_right(begins, twin.data.at) - 1 if twin is not None else -1
        later.after(entry, [before, attempt.response, attempt.chunks[place] if place >= 0 else None])
        before = entry
