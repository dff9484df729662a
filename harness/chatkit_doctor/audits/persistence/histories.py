"""The conversation before and after each reload."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.audits.audit import NotApplicable
from chatkit_doctor.audits.dom.visible_turns import watched
from chatkit_doctor.component.rendered_text import letters
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import Item, State, Step, Timeline

KEPT_KINDS: Final = frozenset({"user-message", "assistant-message", "widget", "generated-image", "task"})
"""What belongs to the history. Progress and the like are gone after a reload, and rightly so; a task that is
an item of its own is stored like any other."""

Line = tuple[str, str]
"""A message as it is compared: its kind, and the letters of its text."""


@dataclass(frozen=True, slots=True)
class History:
    """What was on screen just before a reload and what the reload ended with."""

    reload: Step
    before: tuple[Item, ...]
    after: tuple[Item, ...]
    seen: State | None
    """The state after the reload; None when nothing was painted any more."""

    @property
    def lost(self) -> tuple[Item, ...]:
        """Messages that nothing after the reload corresponds to, where there are fewer than before."""
        return self._unmatched() if len(self.after) < len(self.before) else ()

    @property
    def altered(self) -> bool:
        """Whether what is there now is not what was there, in the same order."""
        lost = self.lost
        kept = tuple(item for item in self.before if item not in lost)
        return bool(self.after) and _lines(self.after) != _lines(kept)

    def _unmatched(self) -> tuple[Item, ...]:
        there = Counter(_lines(self.after))
        unmatched = []
        for item, line in zip(self.before, _lines(self.before), strict=True):
            there[line] -= 1
            if there[line] < 0:
                unmatched.append(item)
        return tuple(unmatched)


def histories(recording: Recording) -> Iterator[History]:
    """One for each reload of a page that showed messages. Raises NotApplicable when there was none."""
    line = watched(recording)
    found = [history for step in line.steps if (history := _history(line, step)) is not None]
    if not found:
        raise NotApplicable("the page was not reloaded while it showed a conversation")
    yield from found


def _history(line: Timeline, step: Step) -> History | None:
    before = line.before(step.begin_ms)
    if step.do != "reload" or not step.over or before is None:
        return None
    kept = _kept(before)
    after = line.before(step.until_ms)
    seen = after if after is not None and after.t >= step.begin_ms else None
    return History(step, kept, _kept(seen) if seen else (), seen) if kept else None


def _kept(state: State) -> tuple[Item, ...]:
    """The messages that a user could see: an empty bubble is none."""
    return tuple(item for item in state.shown if item.kind in KEPT_KINDS and item.shows_something)


def _lines(items: tuple[Item, ...]) -> list[Line]:
    return [(item.kind, letters(item.text)) for item in items]
