"""What was on screen when: the recorded DOM states, put together again and laid beside the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from chatkit_doctor.recording.reader import Entry, JsonObject, Recording

OPENING_STEPS: Final = frozenset({"open", "reload"})
"""Steps that load the page anew; what was on screen before them belongs to another document."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the transcript as it stood in the DOM. ``key`` names the element while it lives."""

    key: str
    turn: str | None
    kind: str
    text: str
    shown: bool

    @property
    def role(self) -> str:
        """Who speaks: ``user`` or ``assistant``, by what the item is rather than by whose turn it stands in.

        An assistant item that takes over the id of a user item is rendered in the user's turn (measured).
        """
        if self.kind in {"user-message", "assistant-message"}:
            return self.kind.removesuffix("-message")
        return self.turn or "assistant"


@dataclass(frozen=True, slots=True)
class Alert:
    """A banner: ``error``, ``notice``, or ``crash`` (the component's fallback in place of a turn)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class State:
    """The transcript at one moment.

    ``painted`` states were seen by an animation frame and so by a person; the others lie in between.
    ``document`` counts the times the page was loaded.
    """

    n: int
    t: float
    painted: bool
    view: str
    responding: bool
    items: tuple[Item, ...]
    alerts: tuple[Alert, ...]
    document: int

    @property
    def shown(self) -> tuple[Item, ...]:
        """The items that were not hidden by style."""
        return tuple(item for item in self.items if item.shown)

    @property
    def empty(self) -> bool:
        """Whether the panel showed nothing at all: no start screen, no history, no message, no banner."""
        if self.view in {"blank", "absent"}:
            return not (self.alerts or self.responding)
        return self.view == "thread" and not (self.shown or self.alerts or self.responding)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the session, from its ``begin_ms`` until the next one begins (``until_ms``).

    ``aftermath_ms`` reaches further, over calls the page makes, until the next message or load. ``over``
    says whether the step came to its own end, be it only by reaching a limit.
    """

    n: int
    do: str
    turn: int | None
    text: str
    begin_ms: float
    end_ms: float | None
    until_ms: float
    aftermath_ms: float
    outcome: str
    limit: str

    @property
    def over(self) -> bool:
        """Whether the step came to an end before the recording did."""
        return self.end_ms is not None

    @property
    def closed_ms(self) -> float:
        """When the step came to its end, or else the recording."""
        return self.until_ms if self.end_ms is None else self.end_ms

    def holds(self, t: float) -> bool:
        """Whether a moment lies in this step."""
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
        found = None
        for state in self.painted:
            if state.t >= t:
                break
            found = state
        return found

    def between(self, begin_ms: float, end_ms: float) -> tuple[State, ...]:
        """The painted states that began in a stretch of time."""
        return tuple(state for state in self.painted if begin_ms <= state.t < end_ms)

    def turn_at(self, t: float) -> int | None:
        """The turn under way at a moment, counted from 1; None outside of any."""
        return next((step.turn for step in self.turns if step.holds(t)), None)


def timeline(recording: Recording) -> Timeline:
    """Put the states of a recording together. Use as ``recording.derive(timeline)``."""
    end_ms = max((entry.t for entry in recording.entries), default=0.0)
    if recording.footer is not None and isinstance(recording.footer.get("t"), int | float):
        end_ms = max(end_ms, float(recording.footer["t"]))
    # Half-open stretches: the very last state must lie before the end.
    end_ms += 0.01
    steps = _steps(recording, end_ms)
    states = _states(recording, steps)
    capped = [entry.t for entry in recording.of("session.capped") if _caps_states(entry, recording)]
    return Timeline(states, tuple(s for s in states if s.painted), steps, end_ms, min(capped, default=None))


def _caps_states(entry: Entry, recording: Recording) -> bool:
    # A probe that reaches its own limit drops every kind and names its origin: only the frame's has states.
    origin = entry.text("of").removeprefix("entries of ")
    frames = [frame.text("url") for frame in recording.of("frame.document")]
    return origin == "dom.state" or any(url.startswith(f"{origin}/") for url in frames)


def _steps(recording: Recording, end_ms: float) -> tuple[Step, ...]:
    begins = recording.of("step.begin")
    ends = {str(entry.data.get("index")): entry for entry in recording.of("step.end")}
    steps = []
    for place, begin in enumerate(begins):
        later = begins[place + 1 :]
        following = [entry.t for entry in later]
        reset = [entry.t for entry in later if entry.text("do") in OPENING_STEPS | {"send"}]
        end = ends.get(str(begin.data.get("index")))
        steps.append(
            Step(
                begin.n,
                begin.text("do"),
                _turn_of(begin, begins[: place + 1]),
                begin.text("text"),
                begin.t,
                end.t if end else None,
                min(following, default=end_ms),
                min(reset, default=end_ms),
                end.text("outcome") if end else "",
                end.text("limit") if end else "",
            )
        )
    return tuple(steps)


def _turn_of(begin: Entry, so_far: tuple[Entry, ...]) -> int | None:
    if begin.text("do") != "send":
        return None
    return int(begin.number("turn")) or sum(entry.text("do") == "send" for entry in so_far)


def _states(recording: Recording, steps: tuple[Step, ...]) -> tuple[State, ...]:
    loads = [step for step in steps if step.do in OPENING_STEPS]
    frames = recording.of("frame.document")
    texts: dict[str, str] = {}
    states = []
    for entry in recording.of("dom.state", "frame.detached"):
        document = sum(load.begin_ms <= entry.t for load in loads)
        if entry.kind == "dom.state":
            states.append(_state(entry, texts, document))
        elif not any(_leaves(load, entry, frames) for load in loads):
            # Nobody inside a frame can report that the frame itself is gone.
            states.append(State(entry.n, entry.t, True, "absent", False, (), (), document))
    return tuple(states)


def _leaves(load: Step, detached: Entry, frames: tuple[Entry, ...]) -> bool:
    """Whether a frame goes because its page is left: before the new page has a frame of its own."""
    until = load.until_ms if load.end_ms is None else load.end_ms
    has_own = any(load.begin_ms <= frame.t < detached.t for frame in frames)
    return load.begin_ms <= detached.t < until and not has_own


def _state(entry: Entry, texts: dict[str, str], document: int) -> State:
    items = tuple(_item(raw, texts) for raw in _objects(entry.data.get("items")))
    present = {item.key for item in items}
    for gone in texts.keys() - present:
        del texts[gone]
    alerts = _objects(entry.data.get("alerts"))
    return State(
        entry.n,
        entry.t,
        entry.text("by") == "frame",
        entry.text("view"),
        entry.data.get("responding") is True,
        items,
        tuple(Alert(str(alert.get("kind", "")), str(alert.get("text", ""))) for alert in alerts),
        document,
    )


def _item(raw: JsonObject, texts: dict[str, str]) -> Item:
    key = str(raw.get("key"))
    delta = raw.get("text")
    before = texts.get(key, "")
    if isinstance(delta, Mapping):
        texts[key] = _grown(before, delta)
    else:
        texts[key] = before
    turn = raw.get("turn")
    kind = str(raw.get("kind") or "")
    return Item(key, str(turn) if turn else None, kind, texts[key], raw.get("shown") is not False)


def _grown(before: str, delta: JsonObject) -> str:
    """The text after a delta; ``keep`` counts UTF-16 units, as strings do in the browser."""
    keep = delta.get("keep")
    units = before.encode("utf-16-le", "surrogatepass")[: 2 * keep if isinstance(keep, int) else 0]
    return units.decode("utf-16-le", "replace") + str(delta.get("add", ""))


def _objects(value: object) -> list[JsonObject]:
    if not isinstance(value, list):
        return []
    return [cast("JsonObject", each) for each in value if isinstance(each, Mapping)]
