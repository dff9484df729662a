"""Where two requests or answers differ: by the name of the header, by the path in the body, by the event."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from chatkit_doctor.safe_text import clip

MOST_DIFFERENCES: Final = 20
"""Differences that are listed of one pair; the rest is counted."""
LONGEST_VALUE: Final = 160
"""Characters kept of one value."""
_MOST_ALIGNED: Final = 300
"""Events that are compared with each other one by one; of longer stretches only the numbers are compared."""

_BY_BROWSER: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "cache-control",
        "connection",
        "content-length",
        "dnt",
        "host",
        "origin",
        "pragma",
        "priority",
        "referer",
        "save-data",
        "upgrade-insecure-requests",
        "user-agent",
    }
)
_SHORTENED: Final = re.compile(r"… \[\d+ characters more\]$")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_]\w*\Z")
_MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that is not the same in two: ``url``, ``header x-app``, ``$.params.thread_id``, ``events``.

    ``before`` and ``after`` are what it was and what it is, as JSON where the part is in a body; None: it
    is not there.
    """

    part: str
    before: str | None
    after: str | None


def as_json(value: object) -> str:
    """A value of a body, written as JSON."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return "[nested too deeply]"


def that_matter(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by their lower-case names, without those that every browser adds by itself."""
    named = {name.lower(): text for name, text in headers.items()}
    return {n: text for n, text in named.items() if n not in _BY_BROWSER and not n.startswith("sec-")}


def of_headers(asked: Mapping[str, str], sent: Mapping[str, str]) -> Iterator[Difference]:
    """Between the headers that were asked for and those that were sent, without what every browser adds."""
    before, after = that_matter(asked), that_matter(sent)
    for name in sorted(before.keys() | after.keys()):
        # A browser sends its own language where none is requested.
        if before.get(name) != after.get(name) and not (name == "accept-language" and name not in before):
            yield Difference(f"header {name}", _clipped(before.get(name)), _clipped(after.get(name)))


def of_bodies(before: object, after: object, path: str = "$") -> Iterator[Difference]:
    """Between two JSON values, member by member. Of a text that was cut only the beginning is compared."""
    try:
        yield from _members(before, after, path)
    except RecursionError:
        yield Difference(path, _written(before), _written(after))


def _members(before: object, after: object, path: str) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield from _members(before.get(key, _MISSING), after.get(key, _MISSING), _member(path, str(key)))
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            yield from _members(_at(before, index), _at(after, index), f"{path}[{index}]")
    elif not _is_same(before, after):
        yield Difference(path, _written(before), _written(after))


def is_shortened(body: object) -> bool:
    """Whether a recorded body lacks the rest of a text in it."""
    if isinstance(body, str):
        return bool(_SHORTENED.search(body))
    if isinstance(body, Mapping):
        return any(map(is_shortened, body.values()))
    return isinstance(body, list) and any(map(is_shortened, body))


def of_events(wire: Sequence[str], handed: Sequence[str]) -> Difference | None:
    """Between the events that came and those that were handed on: how many are other, gone, and new."""
    if list(wire) == list(handed):
        return None
    head = next(
        (n for n, (a, b) in enumerate(zip(wire, handed, strict=False)) if a != b),
        min(len(wire), len(handed)),
    )
    tail = 0
    while tail < min(len(wire), len(handed)) - head and wire[-1 - tail] == handed[-1 - tail]:
        tail += 1
    came, given = wire[head : len(wire) - tail], handed[head : len(handed) - tail]
    stretches = [*_stretches(came, given)]
    changed = sum(min(len(a), len(b)) for a, b in stretches)
    counted = (
        (changed, "changed"),
        (sum(len(a) for a, _ in stretches) - changed, "dropped"),
        (sum(len(b) for _, b in stretches) - changed, "added"),
    )
    told = ", ".join(f"{number} {what}" for number, what in counted if number)
    first_came, first_given = stretches[0]
    return Difference(
        f"events from event {head + 1} on: {told}",
        clip(first_came[0], LONGEST_VALUE) if first_came else None,
        clip(first_given[0], LONGEST_VALUE) if first_given else None,
    )


def _stretches(came: Sequence[str], given: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Where two runs of events part: what came, and what was given in its place."""
    if max(len(came), len(given)) > _MOST_ALIGNED:
        yield came, given
        return
    for tag, i, j, k, m in SequenceMatcher(None, came, given, autojunk=False).get_opcodes():
        if tag != "equal":
            yield came[i:j], given[k:m]


def _is_same(before: object, after: object) -> bool:
    if isinstance(before, str) and isinstance(after, str) and (cut := _SHORTENED.search(before)):
        return after.startswith(before[: cut.start()])
    # In JSON a number is no truth value, in Python 1 is True.
    return before == after and isinstance(before, bool) == isinstance(after, bool)


def _member(path: str, key: str) -> str:
    return f"{path}.{key}" if _PLAIN_KEY.match(key) else f"{path}[{clip(json.dumps(key), LONGEST_VALUE)}]"


def _at(items: list[object], index: int) -> object:
    return items[index] if index < len(items) else _MISSING


def _written(value: object) -> str | None:
    return None if value is _MISSING else clip(as_json(value), LONGEST_VALUE)


def _clipped(text: str | None) -> str | None:
    return None if text is None else clip(text, LONGEST_VALUE)
