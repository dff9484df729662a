"""What is kept of a film: the pictures that stand next to a change of what was visible."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from chatkit_doctor.recording.entries.paint import FRAME_MS

MOST_SHOTS: Final = 60
"""Pictures kept of one session."""
MOST_BYTES: Final = 6 * 1024 * 1024
"""Bytes kept of one session's pictures; one of the host's page has some 8 KB."""
SPACING_MS: Final = 400.0
"""Pictures of one state are kept so far apart: only a text that grows makes them differ."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture as the browser made it: when (ms), its bytes, the size of the viewport in CSS pixels."""

    t: float
    picture: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Cut:
    """The pictures that are kept, in order of time.

    ``is_whole``: each state of which there was a picture has kept one.
    """

    shots: tuple[Shot, ...]
    is_whole: bool


def cut(
    shots: Sequence[Shot],
    changes: Sequence[float],
    *,
    most: int = MOST_SHOTS,
    most_bytes: int = MOST_BYTES,
) -> Cut:
    """Keep the last picture of each state, those of the shortest states first, and then some between.

    ``changes`` are the moments (ms) at which something came or went; the last picture before one shows most
    of what was there: what fades in is in full sight, and a text has all its words.
    """
    ends = sorted(changes)
    in_order = sorted(shots, key=lambda shot: shot.t)
    last: list[tuple[float, Shot]] = []
    between: list[Shot] = []
    for place, group in groupby(in_order, key=lambda shot: bisect_right(ends, shot.t)):
        state = list(group)
        begin = ends[place - 1] if place > 0 else state[0].t
        end = ends[place] if place < len(ends) else None
        main = _last(state, end)
        last.append(((state[-1].t if end is None else end) - begin, main))
        between += _spaced(state, main)
    last.sort(key=lambda each: each[0])
    kept: list[Shot] = []
    size = 0
    wanted = [shot for _, shot in last] + between
    for shot in wanted:
        if len(kept) < most and size + len(shot.picture) <= most_bytes:
            kept.append(shot)
            size += len(shot.picture)
    of_states = {id(shot) for _, shot in last}
    is_whole = of_states <= {id(shot) for shot in kept}
    return Cut(tuple(sorted(kept, key=lambda shot: shot.t)), is_whole)


def _last(state: Sequence[Shot], end: float | None) -> Shot:
    """The last picture that surely shows a state, or else the last one."""
    sure = [shot for shot in state if end is None or shot.t <= end - FRAME_MS]
    return (sure or state)[-1]


def _spaced(state: Sequence[Shot], main: Shot) -> list[Shot]:
    """Pictures of a state before its last one, far enough apart."""
    found = [main]
    for shot in reversed(state):
        if shot.t <= found[-1].t - SPACING_MS:
            found.append(shot)
    return found[:0:-1]
