"""What the component did in one session, in a form that two sessions can be compared by.

Everything that differs between two runs of the same thing (times, generated ids, how far a text had grown in
which frame) is left out; what remains is the contract that a runtime is held to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from chatkit_doctor.recording.entries import ComponentConsole, ComponentEvent, RequestSent
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import State, timeline

NOTICEABLE_MS: Final = 100
"""A state that was on screen for less is not part of the order of states: a busy machine skips it. One in
which a step began is, however short: the driver waited for it."""

EVENTS: Final = frozenset(
    {
        "ready",
        "error",
        "response.start",
        "response.end",
        "thread.change",
        "thread.load.start",
        "thread.load.end",
        "effect",
        "tool.change",
        "deeplink",
        "history.open",
        "history.close",
    }
)
"""The public component events (npm @openai/chatkit), without the log."""

_VARIABLE: Final = re.compile(r"https?://\S+|[0-9a-f]{8}-[0-9a-f-]{27}|\b\w+_[0-9a-z]{6,}\b|:\d+:\d+")
_KIND_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One session, told without times and ids.

    ``transcript`` is what is on screen at the end (``role: text``, or ``kind: text`` for items that are no
    messages), ``alerts`` the banners beside it (``kind: text``), ``states`` what could be seen before that,
    in order, ``events`` the component's public events, ``requests`` the operations that went over the wire,
    retries included, ``errors`` the kinds of console errors, sorted.
    """

    transcript: tuple[str, ...]
    alerts: tuple[str, ...]
    states: tuple[str, ...]
    events: tuple[str, ...]
    requests: tuple[str, ...]
    errors: tuple[str, ...]


def behaviour(recording: Recording) -> Behaviour:
    """Use as ``recording.derive(behaviour)``."""
    line = recording.derive(timeline)
    painted = line.painted
    last = painted[-1] if painted else None
    return Behaviour(
        transcript=tuple(_lines(last)) if last else (),
        alerts=tuple(f"{alert.kind}: {_flat(alert.text)}" for alert in last.alerts) if last else (),
        states=tuple(_states(painted, [step.begin_ms for step in line.steps])),
        events=tuple(_in_order(_events(recording))),
        requests=tuple(entry.data.op for entry in recording.of(RequestSent) if entry.data.op),
        errors=tuple(sorted({_kind(text) for text in _console_errors(recording)})),
    )


def _lines(state: State) -> Iterator[str]:
    for item in state.shown:
        speaker = item.role if item.kind.endswith("-message") else item.kind
        if item.text.strip():
            yield f"{speaker}: {_flat(item.text)}"


def _states(painted: tuple[State, ...], steps: list[float]) -> Iterator[str]:
    lasting = [
        state
        for state, after in pairwise(painted)
        if after.t - state.t >= NOTICEABLE_MS
        or state.document != after.document
        or any(state.t <= begin < after.t for begin in steps)
    ]
    kept = [*lasting, *painted[-1:]]
    # Each document is blank until the component has started: that takes as long as the machine needs.
    first = {state.document: state.t for state in reversed(kept) if state.view not in {"blank", "absent"}}
    names = [_state(state) for state in kept if state.t >= first.get(state.document, 0.0)]
    yield from (name for name, _ in groupby(names))


def _state(state: State) -> str:
    parts = [item.kind for item in state.shown] + [alert.kind for alert in state.alerts]
    view = f"{state.view}, responding" if state.responding else state.view
    return f"{view}: {', '.join(parts)}" if parts else view


def _events(recording: Recording) -> Iterator[str]:
    for entry in recording.of(ComponentEvent):
        name = entry.data.name
        if name not in EVENTS:
            continue
        detail = entry.data.detail if isinstance(entry.data.detail, Mapping) else {}
        if name == "thread.change":
            yield f"{name} {'null' if detail.get('threadId') is None else 'id'}"
        elif name == "error":
            error = detail.get("error")
            yield f"{name} {error.get('name', '') if isinstance(error, Mapping) else ''}".strip()
        else:
            yield name


def _in_order(events: Iterable[str]) -> list[str]:
    """``ready`` before the error of the same start-up, and after the thread that is read begins to be: the
    load of the frame, which ``ready`` tells, and what starts in the frame are a race (measured).
    """
    ordered: list[str] = []
    for event in events:
        place = len(ordered)
        while event == "ready" and place and ordered[place - 1].startswith("error"):
            place -= 1
        if event == "thread.load.start" and ordered[-1:] == ["ready"]:
            place -= 1
        ordered.insert(place, event)
    return ordered


def _console_errors(recording: Recording) -> Iterator[str]:
    for entry in recording.of(ComponentConsole):
        if entry.data.level == "error" and not entry.data.noise:
            yield entry.data.text


def _kind(text: str) -> str:
    first = text.strip().splitlines()[:1]
    return _VARIABLE.sub("…", first[0] if first else "")[:_KIND_LENGTH]


def _flat(text: str) -> str:
    return " ".join(text.split())
