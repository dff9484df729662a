"""The film of a session: which picture shows what, and for how long it stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final, Literal

from chatkit_doctor.recording.entries import DomAlert, PaintFrame, PaintScreenshot
from chatkit_doctor.recording.entries.paint import FRAME_MS
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.messages import Message, messages
from chatkit_doctor.recording.views.timeline import State, Timeline, timeline

Moment = Literal["opened", "appeared", "vanished", "banner", "changed"]
"""What caused what a picture shows: a load of the page, something that came or went, a banner."""
SCREENSHOT_MS: Final = 100.0
"""How long after its time a screenshot may have been taken; it is noted when it is requested."""
MOST_QUOTED: Final = 60
"""Characters of a message that are quoted."""
MOST_NAMED: Final = 3
"""Messages that are named; more are counted."""
_AT: Final = 0.01
"""Views ask for what was there just before a moment; times have two decimals."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture, and what it shows.

    ``n`` is the journal entry of the picture. What it shows stood from ``t`` until ``until`` (ms); the
    picture is of ``taken_ms``. ``file`` is its path within the recording, ``size`` that of the viewport in
    CSS pixels, where it is known. ``says`` names what is visible, in plain words that quote the page;
    ``messages`` are the places of those that can be read in it, in ``recording.derive(messages)``.
    """

    n: int
    t: float
    until: float
    taken_ms: float
    file: str
    says: str
    messages: tuple[int, ...]
    moment: Moment
    size: tuple[float, float] | None = None


def film(recording: Recording) -> tuple[Frame, ...]:
    """The pictures worth showing, in order of time. Use as ``recording.derive(film)``.

    Of each state that was painted and of which there is a picture: the last one, in which most is to be
    seen, and others before it where a text has grown. A recording without a film has those screenshots that
    were taken while nothing changed.
    """
    line = recording.derive(timeline)
    pictures = _pictures(recording)
    scenes = list(_scenes(line, recording.derive(messages)))
    frames: list[Frame] = []
    for before, scene in pairwise([None, *scenes]):
        if scene is not None:
            frames += _frames(scene, before, pictures, line)
    return tuple(frames)


def frame_of(frames: Sequence[Frame], place: int) -> Frame | None:
    """The picture that shows a message best: the last of it; None where there is none.

    ``place`` is where the message stands in ``recording.derive(messages)``.
    """
    return next((frame for frame in reversed(frames) if place in frame.messages), None)


@dataclass(frozen=True, slots=True)
class _Picture:
    n: int
    t: float
    safe_ms: float
    """How long before a change it must have been taken to show what was there before."""
    file: str
    size: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class _Scene:
    """A stretch of time in which nothing came or went."""

    t: float
    until: float
    state: State
    """As it was in the end."""
    messages: tuple[int, ...]
    shown: tuple[Message, ...]

    def says(self, t: float, line: Timeline) -> str:
        """What is visible at a moment of it."""
        return _says(line.before(t + _AT) or self.state, self.shown, t)


def _pictures(recording: Recording) -> list[_Picture]:
    found: dict[str, _Picture] = {}
    for entry in recording.of(PaintFrame):
        size = (entry.data.width, entry.data.height)
        found[entry.data.file] = _Picture(entry.n, entry.t, FRAME_MS, entry.data.file, size)
    for shot in recording.of(PaintScreenshot):
        # One that is named again is the picture of its first moment.
        picture = _Picture(shot.n, shot.t, SCREENSHOT_MS, shot.data.file, None)
        found.setdefault(shot.data.file, picture)
    return sorted(found.values(), key=lambda picture: picture.t)


def _scenes(line: Timeline, all_messages: Sequence[Message]) -> Iterator[_Scene]:
    def look(state: State) -> tuple[object, ...]:
        return state.document, state.view, _visible(state, all_messages), state.alerts

    groups = [list(group) for _, group in groupby(line.painted, key=look)]
    ends = [*(group[0].t for group in groups), line.end_ms][1:]
    for states, until in zip(groups, ends, strict=True):
        visible = _visible(states[-1], all_messages)
        shown = tuple(all_messages[place] for place in visible)
        yield _Scene(states[0].t, until, states[-1], visible, shown)


def _visible(state: State, all_messages: Sequence[Message]) -> tuple[int, ...]:
    """The messages that can be read in a state: those that live then, and whose like is there."""
    there = {(item.role, item.kind) for item in state.shown if item.shows_something}
    return tuple(
        place
        for place, message in enumerate(all_messages)
        if message.painted
        and (message.role, message.kind) in there
        and message.readable_ms <= state.t
        and (message.vanished_ms is None or state.t < message.vanished_ms)
    )


def _frames(
    scene: _Scene, before: _Scene | None, pictures: Sequence[_Picture], line: Timeline
) -> Iterator[Frame]:
    """The pictures of a scene: the last one, and those before it that show other words."""
    within = [p for p in pictures if scene.t <= p.t < scene.until]
    sure = [p for p in within if p.t + p.safe_ms <= scene.until]
    # Where a state is shorter than a frame and its margin, the film's last picture of it is still its own.
    candidates = sure or [p for p in within if p.size is not None][-1:]
    chosen = [p for p, later in pairwise(candidates) if _words_at(p, line) != _words_at(later, line)]
    chosen += candidates[-1:]
    begins = [scene.t, *(picture.t for picture in chosen[1:])][: len(chosen)]
    for picture, begin, until in zip(chosen, begins, [*begins[1:], scene.until], strict=False):
        yield Frame(
            n=picture.n,
            t=begin,
            until=until,
            taken_ms=picture.t,
            file=picture.file,
            says=scene.says(picture.t, line),
            messages=scene.messages,
            moment=_moment(scene, before) if begin == scene.t else "changed",
            size=picture.size,
        )


def _words_at(picture: _Picture, line: Timeline) -> tuple[str, ...]:
    state = line.before(picture.t)
    return tuple(item.text for item in state.shown) if state is not None else ()


def _moment(scene: _Scene, before: _Scene | None) -> Moment:
    if before is None or before.state.document != scene.state.document:
        return "opened"
    if _fresh(scene.state.alerts, before.state.alerts):
        return "banner"
    if set(before.messages) - set(scene.messages) or (
        before.state.view == "thread" and scene.state.view != "thread"
    ):
        return "vanished"
    if set(scene.messages) - set(before.messages) or scene.state.view == "start":
        return "appeared"
    return "changed"


def _fresh(alerts: Sequence[DomAlert], before: Sequence[DomAlert]) -> bool:
    return any(alert not in before for alert in alerts)


_EMPTY: Final = {
    "absent": "no chat",
    "blank": "an empty panel",
    "start": "the start screen",
    "thread": "a conversation without messages",
}
_ALERTS: Final = {"error": "an error", "notice": "a notice", "crash": "a crashed turn"}


def _says(state: State, visible: Sequence[Message], t: float) -> str:
    """What is visible at a moment, as the end of the sentence “It shows …”."""
    parts = [_named(message, message.text_at(t + _AT)) for message in visible]
    if len(parts) > MOST_NAMED:
        sent = sum(message.role == "user" for message in visible)
        parts = [_counted(sent, "message", "messages"), _counted(len(visible) - sent, "reply", "replies")]
    parts += [f"{_ALERTS[alert.kind]}: {_quoted(alert.text)}" for alert in state.alerts]
    parts = [part for part in parts if part]
    if not parts:
        return "a conversation that waits for a reply" if state.responding else _EMPTY[state.view]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _named(message: Message, text: str) -> str:
    if message.role == "user":
        return f"the message {_quoted(text)}"
    kind = "reply" if message.kind == "assistant-message" else message.kind.replace("-", " ")
    return f"the {kind} {_quoted(text)}" if text.strip() else f"the {kind}"


def _counted(number: int, one: str, more: str) -> str:
    return "" if number == 0 else f"{number} {one if number == 1 else more}"


def _quoted(text: str) -> str:
    words = " ".join(text.split())
    return f"“{words if len(words) <= MOST_QUOTED else words[: MOST_QUOTED - 1] + '…'}”"
