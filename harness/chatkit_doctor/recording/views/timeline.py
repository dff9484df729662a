"""What was on screen when: the recorded DOM states, put together again and laid beside the steps."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal

from chatkit_doctor.recording.entries import (
    DomAlert,
    DomItem,
    DomState,
    Entry,
    FrameDetached,
    FrameDocument,
    SessionCapped,
    StepBegin,
    StepEnd,
    kind_of,
)
from chatkit_doctor.recording.entries.dom import Speaker, View
from chatkit_doctor.recording.entries.session import LimitName, StepKind, StepOutcome
from chatkit_doctor.recording.reader import Recording

OPENING_STEPS: Final = frozenset({"open", "reload"})
"""Steps that load the page anew; what was on screen before them belongs to another document."""


TEXTLESS_KINDS: Final = frozenset({"generated-image"})
"""Items that show something without any text of their own."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the transcript as it stood in the DOM.

    ``key`` names the element while it lives; ``drawn`` is one without words that has a picture or a control.
    """

    key: str
    turn: Speaker | None
    kind: str
    text: str
    shown: bool
    drawn: bool = False

    @property
    def shows_something(self) -> bool:
        """Whether there is anything to it that a user could see: words, or a picture by its kind."""
        return (
            bool(self.text.strip()) or self.kind in TEXTLESS_KINDS or (self.kind == "widget" and self.drawn)
        )

    @property
    def role(self) -> Speaker:
        """Who speaks: ``user`` or ``assistant``, by what the item is rather than by whose turn it is in.

        An assistant item that takes over the id of a user item is rendered in the user's turn (measured).
        """
        if self.kind in {"user-message", "assistant-message"}:
            return "user" if self.kind == "user-message" else "assistant"
        return self.turn or "assistant"


@dataclass(frozen=True, slots=True)
class State:
    """The transcript at one moment.

    ``painted`` states were seen by an animation frame and so by a user; the others are in between.
    ``document`` counts the times the page was loaded.
    """

    n: int
    t: float
    painted: bool
    view: View | Literal["absent"]
    responding: bool
    items: tuple[Item, ...]
    alerts: tuple[DomAlert, ...]
    document: int

    @property
    def shown(self) -> tuple[Item, ...]:
        """The items that were not hidden by style."""
        return tuple(item for item in self.items if item.shown)

    @property
    def empty(self) -> bool:
        """Whether the panel showed nothing at all: no start screen, no message, no banner."""
        if self.view in {"blank", "absent"}:
            return not (self.alerts or self.responding)
        return self.view == "thread" and not (self.shown or self.alerts or self.responding)

    def looks_like(self, other: State) -> bool:
        """Whether two moments show the same: a frame in which nothing is new is not recorded again."""
        mine = (self.view, self.responding, self.items, self.alerts)
        return mine == (other.view, other.responding, other.items, other.alerts)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the session, from its ``begin_ms`` until the next one begins (``until_ms``).

    ``settled_ms`` reaches further, over calls the page makes, until the next message or load, or until a
    thread is deleted. ``over`` says whether the step came to its own end, be it only by reaching a limit.
    """

    n: int
    do: StepKind
    turn: int | None
    text: str
    begin_ms: float
    end_ms: float | None
    until_ms: float
    settled_ms: float
    outcome: StepOutcome | None
    limit: LimitName | None

    @property
    def uses_control(self) -> bool:
        """Whether the person uses a control of the chat other than by sending a message."""
        return self.do in {"click", "press", "fill", "answer"}

    @property
    def asks_again(self) -> bool:
        """Whether the person has a reply made again: the one that is there goes, and another has to come."""
        return self.do == "press" and self.text in {"regenerate", "retry"}

    @property
    def awaits_reply(self) -> bool:
        """Whether a reply has to come of it, though no message is sent."""
        return self.asks_again or self.do == "answer"

    @property
    def takes_away(self) -> bool:
        """Whether the person takes something off the screen themselves."""
        return self.do == "delete" or self.asks_again

    @property
    def over(self) -> bool:
        """Whether the step came to an end before the recording did."""
        return self.end_ms is not None

    @property
    def closed_ms(self) -> float:
        """When the step ended, or else the recording."""
        return self.until_ms if self.end_ms is None else self.end_ms

    def holds(self, t: float) -> bool:
        """Whether a moment is in this step."""
        return self.begin_ms <= t < self.until_ms


@dataclass(frozen=True, slots=True)
class Timeline:
    """All states and steps of a recording, in order of time.

    ``capped_ms`` is when the journal's limit began to drop states, if it did: nothing after it is known.
    """

    states: tuple[State, ...]
    painted: tuple[State, ...]
    steps: tuple[Step, ...]
    end_ms: float
    capped_ms: float | None

    @property
    def turns(self) -> tuple[Step, ...]:
        """The steps that sent a message."""
        return tuple(step for step in self.steps if step.turn is not None)

    def before(self, t: float) -> State | None:
        """The last painted state before a moment."""
        place = bisect_left(self.painted, t, key=lambda state: state.t)
        return self.painted[place - 1] if place > 0 else None

    def between(self, begin_ms: float, end_ms: float) -> tuple[State, ...]:
        """The painted states that began in a stretch of time."""
        return tuple(state for state in self.painted if begin_ms <= state.t < end_ms)

    def turn_at(self, t: float) -> int | None:
        """The turn under way at a moment, counted from 1; None outside any."""
        return next((step.turn for step in self.turns if step.holds(t)), None)


def timeline(recording: Recording) -> Timeline:
    """Put the states of a recording together. Use as ``recording.derive(timeline)``."""
    end_ms = recording.end_ms
    if recording.footer is not None:
        end_ms = max(end_ms, recording.footer.t)
    # Half-open stretches: the very last state must lie before the end.
    end_ms += 0.01
    steps = _steps(recording, end_ms)
    states = _states(recording, steps)
    capped = [entry.t for entry in recording.of(SessionCapped) if _caps_states(entry.data.of, recording)]
    return Timeline(states, tuple(s for s in states if s.painted), steps, end_ms, min(capped, default=None))


def _caps_states(what: str, recording: Recording) -> bool:
    # A probe that reaches its own limit drops every kind and names its origin: only the frame's has states.
    origin = what.removeprefix("entries of ")
    frames = [frame.data.url for frame in recording.of(FrameDocument)]
    return origin == kind_of(DomState) or any(url.startswith(f"{origin}/") for url in frames)


def _steps(recording: Recording, end_ms: float) -> tuple[Step, ...]:
    begins = recording.of(StepBegin)
    ends = {entry.data.index: entry for entry in recording.of(StepEnd)}
    steps = []
    for place, begin in enumerate(begins):
        later = begins[place + 1 :]
        following = [entry.t for entry in later]
        reset = [entry.t for entry in later if entry.data.do in OPENING_STEPS | {"send", "delete"}]
        end = ends.get(begin.data.index)
        steps.append(
            Step(
                begin.n,
                begin.data.do,
                _turn_of(begin.data, begins[: place + 1]),
                begin.data.text,
                begin.t,
                end.t if end else None,
                min(following, default=end_ms),
                min(reset, default=end_ms),
                end.data.outcome if end else None,
                end.data.limit if end else None,
            )
        )
    return tuple(steps)


def _turn_of(begin: StepBegin, so_far: tuple[Entry[StepBegin], ...]) -> int | None:
    if begin.do != "send":
        return None
    return begin.turn or sum(entry.data.do == "send" for entry in so_far)


def _states(recording: Recording, steps: tuple[Step, ...]) -> tuple[State, ...]:
    loads = [step for step in steps if step.do in OPENING_STEPS]
    frames = recording.of(FrameDocument)
    texts: dict[str, str] = {}
    states = []
    gone: Counter[int] = Counter()
    for entry in recording.of(DomState, FrameDetached):
        document = sum(load.begin_ms <= entry.t for load in loads)
        if isinstance(entry.data, DomState):
            states.append(_state(entry.n, entry.t, entry.data, texts, document))
            continue
        if any(_leaves(load, entry.t, frames) for load in loads):
            continue
        gone[document] += 1
        # The browser tells of a frame's end late: by then another may have come up in its place.
        if gone[document] >= _frames_in(frames, loads, entry.t):
            # Nobody inside a frame can report that the frame itself is gone.
            gone_ms = min(entry.t, _taken_over_ms(recording, frames, loads, entry.t, gone[document]))
            states.append(State(entry.n, gone_ms, True, "absent", False, (), (), document))
    return tuple(sorted(states, key=lambda state: (state.t, state.view != "absent")))


def _frames_in(frames: tuple[Entry[FrameDocument], ...], loads: list[Step], t: float) -> int:
    """How many frames the page that is loaded at a moment has had by then."""
    begin = max((load.begin_ms for load in loads if load.begin_ms <= t), default=0.0)
    return sum(begin <= frame.t <= t for frame in frames)


def _taken_over_ms(
    recording: Recording,
    frames: tuple[Entry[FrameDocument], ...],
    loads: list[Step],
    detached_ms: float,
    gone: int,
) -> float:
    """When the frame that took the place of one that is gone first reported a state; infinite if none did.

    A frame's own reports carry the page's time, the browser's word of an end the time at which it came.
    """
    begin = max((load.begin_ms for load in loads if load.begin_ms <= detached_ms), default=0.0)
    in_page = [frame for frame in frames if frame.t >= begin]
    if gone >= len(in_page):
        return math.inf
    younger = sorted(in_page, key=lambda frame: frame.n)[gone]
    return min((state.t for state in recording.of(DomState) if state.n > younger.n), default=math.inf)


def _leaves(load: Step, detached_ms: float, frames: tuple[Entry[FrameDocument], ...]) -> bool:
    """Whether a frame goes because its page is left: before the new page has a frame of its own."""
    until = load.until_ms if load.end_ms is None else load.end_ms
    has_own = any(load.begin_ms <= frame.t < detached_ms for frame in frames)
    return load.begin_ms <= detached_ms < until and not has_own


def _state(n: int, t: float, data: DomState, texts: dict[str, str], document: int) -> State:
    items = tuple(_item(item, texts) for item in data.items)
    present = {item.key for item in items}
    for gone in texts.keys() - present:
        del texts[gone]
    return State(n, t, data.by == "frame", data.view, data.responding is True, items, data.alerts, document)


def _item(item: DomItem, texts: dict[str, str]) -> Item:
    before = texts.get(item.key, "")
    texts[item.key] = before if item.text is None else item.text.after(before)
    return Item(item.key, item.turn, item.kind, texts[item.key], item.shown, item.drawn)
