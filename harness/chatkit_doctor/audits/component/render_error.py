"""Whether the component rendered every turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, seen
from chatkit_doctor.audits.failure_modes import TURN_CRASHES
from chatkit_doctor.audits.wording import quoted
from chatkit_doctor.recording.entries import ComponentConsole, ComponentError, ComponentEvent, Entry
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.timeline import State, Timeline, timeline

Report = ComponentConsole | ComponentError
"""How to recognise a rendering that threw."""

_RENDERING: Final = re.compile(r"Error rendering thread items")
_THROWN: Final = re.compile(r"\b(TypeError|RangeError|ReferenceError|SyntaxError)\b:?\s*(?P<error>[^\n]*)")
_NETWORK: Final = re.compile(r"Failed to fetch|NetworkError|Load failed|network error", re.IGNORECASE)
"""TypeErrors that tell of a request, in the words of Chromium, Firefox and WebKit."""
NEAR_MS: Final = 1_000.0
"""How far an error and what it does to the panel may lie apart."""


def judge(recording: Recording) -> Iterator[Failure]:
    """One failure per turn whose rendering threw: caught, with a fallback in its place, or not at all."""
    line = recording.derive(timeline)
    told: set[int | None] = set()
    for entry in recording.of(ComponentConsole, ComponentError):
        turn = line.turn_at(entry.t)
        if turn in told or not _is_crash(line, entry):
            continue
        told.add(turn)
        yield _failure(recording, line, entry, turn)


def _is_crash(line: Timeline, entry: Entry[Report]) -> bool:
    if isinstance(entry.data, ComponentConsole):
        return entry.data.level == "error" and bool(_RENDERING.search(entry.data.text))
    # Errors outside rendering leave the panel as it is; this one took it down.
    return (
        not _NETWORK.search(entry.data.message)
        and bool(_THROWN.search(entry.data.message))
        and _went_blank(line, entry) is not None
    )


def _went_blank(line: Timeline, entry: Entry[Report]) -> State | None:
    near = line.between(entry.t - NEAR_MS, entry.t + NEAR_MS)
    return next((state for state in near if state.empty), None)


def _failure(recording: Recording, line: Timeline, entry: Entry[Report], turn: int | None) -> Failure:
    error = _error(recording, entry)
    blank = _went_blank(line, entry)
    evidence: list[Evidence] = [seen(entry, f"the component throws while rendering: {quoted(error)}")]
    if blank is not None:
        evidence.append(Evidence(blank.n, blank.t, "the panel is empty"))
    where = "the whole panel goes blank" if blank is not None else "a fallback replaces the turn"
    return Failure(
        tuple(evidence),
        turn=turn,
        t_ms=entry.t,
        why=f"The component threw {quoted(error)} while rendering: {where}. No error event reports this to "
        "the page.",
        details={"error": error, "panel": blank is not None},
    )


def _error(recording: Recording, entry: Entry[Report]) -> str:
    """The error itself: the console names it in a line of its own, next to the one that says where."""
    if isinstance(entry.data, ComponentError):
        return entry.data.message
    near = (e for e in recording.of(ComponentConsole) if abs(e.t - entry.t) < NEAR_MS)
    thrown = (match for e in near if (match := _THROWN.search(e.data.text)) is not None)
    match = next(thrown, None)
    return match[0].strip() if match else entry.data.text


AUDIT = Audit(
    id="render-error",
    passes="The component rendered every turn.",
    why="The component threw while rendering a turn and shows a fallback, or nothing, in its place.",
    fix="Check the item that arrived at this moment: a widget of unknown type, a content part without "
    "annotations, a message without attachments, or an icon that failed to load.",
    judge=judge,
    needs=(ComponentEvent,),
    explains=TURN_CRASHES,
)
