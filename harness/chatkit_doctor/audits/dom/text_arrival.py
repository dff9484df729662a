"""When a reply's text arrived, and from when on the component could have shown it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, TypeVar

from chatkit_doctor.component.rules import RULES
from chatkit_doctor.protocol.events import TEXT_DELTA, delta_of, item_id, item_of, member, named_id, type_of
from chatkit_doctor.protocol.payload import JsonObject
from chatkit_doctor.recording.entries import DomStall, Entry, FrameAsset, SseParsed
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.exchanges import Attempt, Exchange, Received
from chatkit_doctor.recording.views.messages import Message
from chatkit_doctor.recording.views.timeline import Step, timeline

T = TypeVar("T")

LIVE_MS: Final = 400.0
"""How long text must have been on its way for its late arrival to count. Measured: the first words follow the
first delta by up to 270 ms once the thread is on screen and the frame's lazy scripts are there."""
FRAME_MS: Final = 1000 / 60
"""Between two frames, where nothing says that there was no time for them."""
HOLD_FRAMES: Final = 2
"""In how many frames no text may come before the component shows the next word (measured; see the reference
component's smoothing.js). Pieces at 7 ms each, 0.8 s of them, are shown only when all are there."""
LONG_STALL_MS: Final = 120.0
"""A pause in painting that reduces the time in which words could be read. Frames that are slow, but
come, show words anyway."""
SHOWING_MS: Final = LIVE_MS / 2
"""How long the component must have been free to show words. A busy machine makes a pause here and there."""
LEAST_PIECES: Final = 3
"""Pieces of text within that time: fewer may hold no whole word, and the component shows whole words."""


def text_deltas(attempt: Attempt) -> list[Entry[SseParsed]]:
    """The events of one body that brought a piece of text, in a form the component knows or in any other."""
    events = zip(attempt.parsed, attempt.payloads, strict=True)
    return _of_begun_items([(entry, payload.value or {}) for entry, payload in events])


def _of_begun_items(events: Iterable[tuple[T, JsonObject]]) -> list[T]:
    """Those of the events of a stream that bring text; where some name an item that was begun, only they.

    What names none, or another, is never shown beside them: how much of it comes says nothing of the reply.
    """
    begun: set[str | None] = set()
    named, others = list[T](), list[T]()
    for each, event in events:
        if type_of(event) == "thread.item.added":
            begun.add(item_id(item_of(event)))
        elif delta_of(event):
            (named if named_id(event) in begun - {None} else others).append(each)
    return named or others


def arrivals(attempt: Attempt) -> list[float]:
    """When (ms) the pieces of text of one body had come."""
    return [attempt.came_ms(entry.t) for entry in text_deltas(attempt)]


def is_spread(times: list[float], stalled_ms: float = 0.0) -> bool:
    """Whether pieces that arrived at these times (ms) could have been read one after the other.

    ``stalled_ms`` of that time nothing could be painted, whatever had arrived.
    """
    return len(times) >= LEAST_PIECES and times[-1] - times[0] - stalled_ms >= LIVE_MS


def stalled(recording: Recording, begin_ms: float, end_ms: float) -> float:
    """For how long (ms) of a stretch of time the component's frame could not paint, for lack of time."""
    entries = (entry for entry in recording.of(DomStall) if entry.data.ms > LONG_STALL_MS)
    long = ((entry.t - entry.data.ms, entry.t) for entry in entries)
    return sum(max(0.0, min(end, end_ms) - max(begin, begin_ms)) for begin, end in long)


def ready_ms(recording: Recording, turn: Step, message: Message, last_ms: float) -> float:
    """From when on the component could have shown a message whose last piece arrived at ``last_ms``.

    The thread must be painted, scripts that are loaded only now must be there, and with motion a
    message that was put into the DOM in time has to fade in, which takes some 0.6 s.
    """
    line = recording.derive(timeline)
    before = line.before(turn.begin_ms)
    painted = [state.t for state in line.between(turn.begin_ms, turn.until_ms) if state.shown]
    visible = turn.begin_ms if before is not None and before.shown else min(painted, default=last_ms)
    scripts = [entry.t for entry in recording.of(FrameAsset) if turn.begin_ms <= entry.t < last_ms]
    in_time = [s for s in line.states if turn.begin_ms <= s.t < min(last_ms, message.appeared_ms)]
    fading = any(item.kind == message.kind and not item.shown for state in in_time for item in state.items)
    return max([visible, *scripts, message.appeared_ms if fading else visible])


def frame_was_busy(exchange: Exchange, since_ms: float, shown_ms: float) -> bool:
    """Whether the page had the text in time and only the frame's own thread did not come to it: it got all of
    it at once, or still had some to get when the first word was shown at ``shown_ms``.

    On a machine under load that says nothing of the integration. The frame stamps each event as it gets it.
    """
    call = exchange.custom or (exchange.calls[-1] if exchange.calls else None)
    handed = [chunk.t for chunk in call.chunks if chunk.t >= since_ms] if call is not None else []
    # What comes before the first words and behind the last says nothing of when there were words to show.
    received = [event.t for event in _words_received(exchange) if event.t >= since_ms]
    return is_spread(handed) and (not is_spread(received) or shown_ms < received[-1])


def is_too_short(exchange: Exchange) -> bool:
    """Whether the component had the text in time, and kept so little of it back until it was complete."""
    pieces = _pieces_received(exchange)
    before_the_last = sum(len(text) for _, text in pieces[:-1])
    return before_the_last <= RULES.smoothing.held_back and is_spread([t for t, _ in pieces])


def is_too_fast(recording: Recording, exchange: Exchange, since_ms: float) -> bool:
    """Whether the component had the text in time, and new text always came before it showed a word.

    It shows none before it has more than it keeps back.
    """
    received = _pieces_received(exchange)
    pieces = [(t, len(text)) for t, text in received if t >= since_ms]
    so_far = sum(len(text) for t, text in received if t < since_ms)
    free_ms = 0.0
    for (t, size), (later, _) in pairwise(pieces):
        so_far += size
        if so_far > RULES.smoothing.held_back:
            shown_from = _frames_after(recording, t)
            free_ms += max(0.0, later - shown_from - stalled(recording, shown_from, later))
    return is_spread([t for t, _ in pieces]) and free_ms < SHOWING_MS


def _frames_after(recording: Recording, t_ms: float) -> float:
    """When (ms) the component's frame has painted as often as it holds a word back after new text."""
    stalls = recording.of(DomStall)
    for _ in range(HOLD_FRAMES):
        place = bisect_right(stalls, t_ms, key=lambda stall: stall.t)
        begun_ms = stalls[place].t - stalls[place].data.ms if place < len(stalls) else t_ms + FRAME_MS
        # A stall is between two frames.
        t_ms = stalls[place].t if begun_ms <= t_ms else min(begun_ms, t_ms + FRAME_MS)
    return t_ms


def _pieces_received(exchange: Exchange) -> list[tuple[float, str]]:
    """The pieces of text that the component got, with their times."""
    pieces = [(event.t, _delta(event.payload.value or {})) for event in _words_received(exchange)]
    return [(t, text) for t, text in pieces if text]


def _words_received(exchange: Exchange) -> list[Received]:
    return _of_begun_items((event, event.payload.value or {}) for event in exchange.received)


def _delta(event: JsonObject) -> str:
    update = member(event, "update")
    delta = update.get("delta")
    return delta if type_of(update) == TEXT_DELTA and isinstance(delta, str) else ""
