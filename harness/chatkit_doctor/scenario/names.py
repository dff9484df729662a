"""The names of scenarios in a run, and their folders in its report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from typing import Final

MAX_PART: Final = 60
"""Characters of one folder's name: file systems allow 255 bytes, and one character can take four."""

RESERVED: Final = frozenset(
    {
        "bodies",
        "corrected",
        "film",
        "index.html",
        "junit.xml",
        "recording.ndjson",
        "report.json",
        "report.md",
        "reproduce.sh",
        "screenshots",
        "trace.zip",
    }
)
"""What a report writes into a folder: ``a/screenshots`` would are in the middle of the report on ``a``."""

_UNSAFE: Final = re.compile(r"[^\w .+@=,()-]+")


def folder_of(name: str) -> str:
    """The folder of a scenario's report below that of the run, with slashes between its parts.

    It never leads out of the run's folder nor onto a file of the report, whatever the name is.
    """
    parts = [_safe(part) for part in name.split("/")]
    return "/".join(part for part in parts if part) or "scenario"


def _safe(part: str) -> str:
    # Windows drops dots and spaces at the end of a name; what begins with a dot is hidden elsewhere.
    safe = _UNSAFE.sub("-", part)[:MAX_PART].strip(". ")
    return f"{safe}-" if safe.casefold() in RESERVED else safe


def distinct(wanted: Sequence[Sequence[str]]) -> list[str]:
    """One name for each scenario, of those that it could go by; no two share a name or a folder.

    Each comes with its candidates, the shortest first. Those that clash all move on to their next candidate;
    what still clashes then gets a number.
    """
    level = [0] * len(wanted)
    while clashing := [
        place
        for places in _by_folder([names[at] for names, at in zip(wanted, level, strict=True)]).values()
        for place in places
        if len(places) > 1 and level[place] + 1 < len(wanted[place])
    ]:
        for place in clashing:
            level[place] += 1
    chosen = [names[at] for names, at in zip(wanted, level, strict=True)]
    taken = set(_by_folder(chosen))
    for places in _by_folder(chosen).values():
        for place in places[1:]:
            numbered = (f"{chosen[place]}-{number}" for number in count(2))
            chosen[place] = next(name for name in numbered if _key(name) not in taken)
            taken.add(_key(chosen[place]))
    return chosen


def _by_folder(names: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(_key(name), []).append(place)
    return places


def _key(name: str) -> str:
    # Some file systems do not tell capitals from small letters.
    return folder_of(name).casefold()
