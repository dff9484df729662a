"""Masks what comes in pieces: a secret may be in none of the deltas, and in all of them together."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, cast

from chatkit_doctor.recording.redaction import Redactor, Span, mask_of

_PART_NAMES: Final = ("item_id", "content_index", "output_index", "index")
"""What tells the pieces of one text from those of another, apart from where they stand in the event."""
_MOST_DEPTH: Final = 32
_DATA: Final = "data:"
_FIELD: Final = re.compile(r"(data: ?)(.*?)([\r\n]*)", re.DOTALL)
"""A line of an event's data: what is before the data, the data, and the end of the line."""

Path = tuple[str | int, ...]
Place = tuple[int, Path]
"""Number of an event in its stream, and where a text is in it; nowhere: the event is the text."""


class Stream:
    """The data of a stream's events."""

    def __init__(self, datas: Sequence[str]) -> None:
        self._datas = datas
        self._strands = _strands(datas)
        self._masked: tuple[frozenset[str], list[str]] = frozenset(), []
        """The data as they were masked last, and the secrets that were known then."""

    def learn(self, redactor: Redactor) -> None:
        """Know the secrets in what the events become when they are put together."""
        for texts in self._strands:
            redactor.learn("".join(text for _, text in texts))

    def masked(self, redactor: Redactor) -> list[str]:
        """The data with their secrets masked, also those that are spread over several."""
        known = redactor.values
        if self._masked[0] != known or not self._masked[1]:
            self._masked = known, self._mask(redactor)
        return self._masked[1]

    def _mask(self, redactor: Redactor) -> list[str]:
        changed: dict[int, list[tuple[Path, str]]] = {}
        for texts in self._strands:
            spans = redactor.spans("".join(text for _, text in texts))
            for (number, path), text in _cut(spans, texts) if spans else ():
                changed.setdefault(number, []).append((path, text))
        found = list(self._datas)
        for number, changes in changed.items():
            found[number] = _replaced(found[number], changes)
        for number in redactor.touched(found):
            found[number] = redactor.text(found[number])
        return found


class Streams:
    """The streams of one session. The same events, as the network and the component had them, are one."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, ...], Stream] = {}

    def of(self, datas: Iterable[str]) -> Stream:
        """The stream with these events."""
        key = tuple(datas)
        if key not in self._made:
            self._made[key] = Stream(key)
        return self._made[key]


def masked_body(body: bytes, redactor: Redactor, streams: Streams | None = None) -> bytes:
    """A body with its secrets masked; if it is a stream, also those that are spread over its events.

    ``streams`` are those of its session.
    """
    text = body.decode("utf-8", "surrogateescape")
    lines = text.splitlines(keepends=True)
    at = [number for number, line in enumerate(lines) if line.startswith(_DATA)]
    if len(at) > 1:
        fields = [_FIELD.fullmatch(lines[number]) for number in at]
        datas = [field[2] if field is not None else "" for field in fields]
        masked = (streams or Streams()).of(datas).masked(redactor)
        for number, field, before, after in zip(at, fields, datas, masked, strict=True):
            if field is not None and before != after:
                lines[number] = f"{field[1]}{after}{field[3]}"
        text = "".join(lines)
    return redactor.text(text).encode("utf-8", "surrogateescape")


def _strands(datas: Sequence[str]) -> list[list[tuple[Place, str]]]:
    """The texts of several events that continue each other."""
    found: dict[object, list[tuple[Place, str]]] = {}
    for number, data in enumerate(datas):
        value = _json(data)
        if isinstance(value, dict | list):
            for path, key, text in _texts(value, (), (), 0):
                found.setdefault(key, []).append(((number, path), text))
        else:
            found.setdefault((), []).append(((number, ()), data))
    return [texts for texts in found.values() if len(texts) > 1]


def _texts(
    value: object, path: Path, key: tuple[object, ...], depth: int
) -> Iterator[tuple[Path, object, str]]:
    """Every text of a JSON document: where it stands, what it is a piece of, and itself."""
    if isinstance(value, str):
        yield path, (path, key), value
    elif depth < _MOST_DEPTH and isinstance(value, dict):
        key += tuple(value[name] for name in _PART_NAMES if isinstance(value.get(name), str | int))
        for name, each in value.items():
            if name not in _PART_NAMES:
                yield from _texts(each, (*path, name), key, depth + 1)
    elif depth < _MOST_DEPTH and isinstance(value, list):
        for at, each in enumerate(value):
            yield from _texts(each, (*path, at), key, depth + 1)


def _cut(spans: Sequence[Span], texts: Sequence[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    """The pieces in which something is masked, if it is masked in the whole."""
    begin, first = 0, 0
    for place, text in texts:
        end = begin + len(text)
        while first < len(spans) and spans[first][1] <= begin:
            first += 1
        masked, at = [], 0
        for start, stop, _ in islice(spans, first, None):
            if start >= end:
                break
            left, right = max(start - begin, 0), min(stop - begin, len(text))
            masked += [text[at:left], mask_of(text[left:right])]
            at = right
        if masked:
            yield place, "".join([*masked, text[at:]])
        begin = end


def _replaced(data: str, changes: Sequence[tuple[Path, str]]) -> str:
    if changes[0][0] == ():
        return changes[0][1]
    document = _json(data)
    for path, text in changes:
        holder = document
        for step in path[:-1]:
            holder = cast("dict[object, object]", holder)[step]
        cast("dict[object, object]", holder)[path[-1]] = text
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
