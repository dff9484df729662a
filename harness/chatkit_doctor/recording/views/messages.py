"""The life of every message: when it appeared, what it said over time, and when it was gone."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import Item, State, Timeline, timeline

REMOUNT_MS: Final = 100.0
"""A message that is gone for less and back with the same words was shown anew: nobody saw it go."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a message said from a moment (ms) on; ``n`` is the journal entry that shows it."""

    t: float
    n: int
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a user saw it, judged by painted states.

    ``turn`` is the turn in which it appeared (None for history). ``vanished_ms`` is None for a message that
    was still there at the end. ``visible_ms`` is the time during which it was painted and not blank.
    ``unloaded`` marks one that was there until its page was left and did not come back, or until the person
    took it away themselves.
    """

    role: str
    kind: str
    turn: int | None
    document: int
    wordings: tuple[Wording, ...]
    appeared_ms: float
    vanished_ms: float | None
    vanished_n: int
    visible_ms: float
    unloaded: bool = False

    @property
    def painted(self) -> bool:
        """Whether a user could see it at all."""
        return self.visible_ms > 0

    @property
    def text(self) -> str:
        """What it said last, be it nothing."""
        return self.wordings[-1].text

    @property
    def said(self) -> str:
        """The last thing it said that was not empty."""
        return next((w.text for w in reversed(self.wordings) if w.text.strip()), "")

    @property
    def readable_ms(self) -> float:
        """When its first word could be read; when it appeared, if it never had any."""
        return next((w.t for w in self.wordings if w.text.strip()), self.appeared_ms)

    @property
    def appeared_n(self) -> int:
        """The journal entry that shows it first."""
        return self.wordings[0].n

    def text_at(self, t: float) -> str:
        """What it said just before a moment."""
        return next((w.text for w in reversed(self.wordings) if w.t < t), "")

    def alive_at(self, t: float) -> bool:
        """Whether it was on screen just before a moment."""
        return self.appeared_ms < t and (self.vanished_ms is None or self.vanished_ms >= t)


def messages(recording: Recording) -> tuple[Message, ...]:
    """Every message of a recording in order of appearance. Use as ``recording.derive(messages)``.

    An element that React replaces by one that says the same in the same painted state is one message, and
    so is what comes back unchanged after a reload. Messages that lived only between two animation frames
    are there too, with no visible time.
    """
    line = recording.derive(timeline)
    lives = _after_loads(_lives(line))
    found = [life.message(line) for life in lives]
    found += _never_painted(line, found)
    return tuple(sorted(found, key=lambda message: (message.appeared_ms, message.wordings[0].n)))


@dataclass(slots=True)
class _Life:
    """A message while the states are walked through."""

    item: Item
    turn: int | None
    document: int
    appeared: State
    wordings: list[Wording] = field(default_factory=list)
    visible_ms: float = 0.0
    gone: State | None = None
    left_ms: float | None = None
    """When its page was left while it was still there; None for the last page."""

    @property
    def begin(self) -> tuple[float, int]:
        """When it appeared, and the journal entry that shows it."""
        return self.appeared.t, self.wordings[0].n

    def seen(self, item: Item, state: State, lasts_ms: float) -> None:
        self.item = item
        if not self.wordings or self.wordings[-1].text != item.text:
            self.wordings.append(Wording(state.t, state.n, item.text))
        if item.shows_something:
            self.visible_ms += lasts_ms

    def message(self, line: Timeline) -> Message:
        vanished_ms = self.gone.t if self.gone else self.left_ms
        return Message(
            role=self.item.role,
            kind=self.item.kind,
            turn=self.turn,
            document=self.document,
            wordings=tuple(self.wordings),
            appeared_ms=self.appeared.t,
            vanished_ms=vanished_ms,
            vanished_n=self.gone.n if self.gone else 0,
            visible_ms=round(self.visible_ms, 2),
            unloaded=vanished_ms is not None and (self.gone is None or self._is_taken_away(line)),
        )

    def _is_taken_away(self, line: Timeline) -> bool:
        gone_ms = self.gone.t if self.gone else math.inf
        return any(
            step.takes_away and self.appeared.t < step.begin_ms and step.holds(gone_ms) for step in line.steps
        )


@dataclass(slots=True)
class _Document:
    """The messages of one load of the page, while its painted states are walked through."""

    number: int
    here: dict[str, _Life] = field(default_factory=dict)
    """Those on screen, by the key of their element."""
    ended: list[_Life] = field(default_factory=list)

    def show(self, state: State, turn: int | None, lasts_ms: float) -> None:
        """A state that stays for so long."""
        present = {item.key: item for item in state.shown}
        gone = self._take_out(present)
        fresh = {key: item for key, item in present.items() if key not in self.here}
        for old, new in _continued(gone, fresh, turn):
            self.here[new] = gone.pop(old)
            del fresh[new]
        for life in gone.values():
            life.gone = state
            self.ended.append(life)
        for key, item in fresh.items():
            self.here[key] = self._returned(item, turn, state.t) or _Life(item, turn, self.number, state)
        for key, life in self.here.items():
            life.seen(present[key], state, lasts_ms)

    def lives(self, left_ms: float | None) -> list[_Life]:
        """All of them, in order of appearance; what is there at the end was left with its page."""
        for life in self.here.values():
            life.left_ms = left_ms
        return sorted([*self.ended, *self.here.values()], key=lambda life: life.begin)

    def _take_out(self, present: dict[str, Item]) -> dict[str, _Life]:
        """What is no longer there, or whose element says something for someone else now."""
        keys = [k for k, life in self.here.items() if k not in present or present[k].role != life.item.role]
        return {key: self.here.pop(key) for key in keys}

    def _returned(self, item: Item, turn: int | None, t: float) -> _Life | None:
        """A message that was gone for some frames and is back; a later turn's equal words are another one."""
        for life in self.ended:
            same_kind = life.item.kind == item.kind and life.item.role == item.role
            is_remounted = life.gone is not None and t - life.gone.t <= REMOUNT_MS
            is_its_time = turn in {None, life.turn} or is_remounted
            if same_kind and item.text.strip() and life.item.text == item.text and is_its_time:
                life.gone = None
                self.ended.remove(life)
                return life
        return None


def _lives(line: Timeline) -> list[_Life]:
    """The lives in every document, from its painted states."""
    numbers = sorted({state.document for state in line.painted})
    found: list[_Life] = []
    for number in numbers:
        states = [state for state in line.painted if state.document == number]
        end = _end_of(number, line)
        document = _Document(number)
        for state, until in zip(states, [*(later.t for later in states[1:]), end], strict=True):
            document.show(state, line.turn_at(state.t), max(0.0, until - state.t))
        found += document.lives(end if number < numbers[-1] else None)
    return found


def _end_of(document: int, line: Timeline) -> float:
    loads = [step.begin_ms for step in line.steps if step.do in {"open", "reload"}]
    return loads[document] if document < len(loads) else line.end_ms


def _continued(gone: dict[str, _Life], fresh: dict[str, Item], turn: int | None) -> list[tuple[str, str]]:
    """Which of the elements that came are ones that went, under a new key: (old key, new key)."""
    pairs = []
    free = dict(fresh)
    for old, life in gone.items():
        kin = [k for k, item in free.items() if item.role == life.item.role and item.kind == life.item.kind]
        new = next((k for k in kin if _same_words(free[k].text, life.item.text)), None)
        # In the turn under way one item may appear in for another (thread.item.replaced, a new id).
        if new is None and turn is not None and life.turn == turn:
            new = next(iter(kin), None)
        if new is not None:
            del free[new]
            pairs.append((old, new))
    return pairs


def _same_words(one: str, other: str) -> bool:
    """Whether one text is the other, or as far as it had come."""
    return bool(one.strip() and other.strip()) and (one.startswith(other) or other.startswith(one))


def _after_loads(lives: list[_Life]) -> list[_Life]:
    """Join what a page showed when it was left with what the next one shows of it again."""
    joined: list[_Life] = []
    for life in lives:
        earlier = next((e for e in joined if life.turn is None and _is_again(e, life)), None)
        if earlier is None:
            joined.append(life)
            continue
        earlier.visible_ms += life.visible_ms
        earlier.gone, earlier.left_ms = life.gone, life.left_ms
        earlier.document = life.document
    return joined


def _is_again(earlier: _Life, later: _Life) -> bool:
    return (
        earlier.left_ms is not None
        and earlier.document < later.document
        and earlier.item.kind == later.item.kind
        and earlier.item.text.split() == later.item.text.split()
    )


def _never_painted(line: Timeline, painted: Iterable[Message]) -> list[Message]:
    """Messages that only the mutation observer saw."""
    known = list(painted)
    familiar: set[tuple[int, str]] = set()
    found: dict[tuple[int, str], Message] = {}
    for state in line.states:
        for item in state.items:
            place = (state.document, item.key)
            if not item.text.strip() or place in found or place in familiar:
                continue
            turn = line.turn_at(state.t)
            if any(_is_known(item, turn, message) for message in known) or _is_put_anew(item, state, known):
                familiar.add(place)
                continue
            words = (Wording(state.t, state.n, item.text),)
            found[place] = Message(item.role, item.kind, turn, state.document, words, state.t, None, 0, 0.0)
    return [_unseen(message, key, line) for (_, key), message in found.items()]


def _is_known(item: Item, turn: int | None, message: Message) -> bool:
    """Whether a state that was not painted shows a message that others painted."""
    if (message.kind, message.role) != (item.kind, item.role) or turn not in {None, message.turn}:
        return False
    return any(_same_words(wording.text, item.text) for wording in message.wordings)


def _is_put_anew(item: Item, state: State, known: Iterable[Message]) -> bool:
    """Whether an item is an earlier turn's, under a new element for some time between two frames.

    One that says the same for the second time is not: there are more of them then than were on screen.
    """
    there = [each for each in state.items if _is_like(each, item.kind, item.role, item.text)]
    alive = [
        message
        for message in known
        if message.alive_at(state.t) and _is_like(item, message.kind, message.role, message.text)
    ]
    return len(there) <= len(alive)


def _is_like(item: Item, kind: str, role: str, text: str) -> bool:
    return (item.kind, item.role) == (kind, role) and _same_words(item.text, text)


def _unseen(message: Message, key: str, line: Timeline) -> Message:
    """When a message that was never painted left the DOM, and what it last said there."""
    words = list(message.wordings)
    for state in line.states:
        if state.t < message.appeared_ms or state.document != message.document:
            continue
        item = next((item for item in state.items if item.key == key), None)
        if item is None:
            return replace(message, wordings=tuple(words), vanished_ms=state.t, vanished_n=state.n)
        if item.text != words[-1].text:
            words.append(Wording(state.t, state.n, item.text))
    return replace(message, wordings=tuple(words))
