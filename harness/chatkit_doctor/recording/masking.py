"""A whole session masked: with every secret that it shows anywhere, whatever it was cut into.

A text is masked where it is put together - the events of a stream, a message that grows on the screen - and
cut again where it came in pieces. So the pieces and the whole stay in agreement, and an audit of what was
written finds what was found in what was received.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from chatkit_doctor.recording.cleaning import masked
from chatkit_doctor.recording.entries import (
    AnyEntry,
    DomItem,
    DomState,
    Entry,
    PageDocument,
    RequestSent,
    SseParsed,
    SsePosted,
    TextDelta,
    WireResponse,
)
from chatkit_doctor.recording.header import Footer, Header
from chatkit_doctor.recording.pieces import Streams
from chatkit_doctor.recording.redaction import MASK, PART, Redactor, Shaped

_LINE: Final = msgspec.json.Decoder(Entry[AnyEntry])
_ENDS: Final = msgspec.json.Decoder(Header | Footer)
_ENCODER: Final = msgspec.json.Encoder()
_LONGEST_SECRET: Final = 4096
"""Characters before a change on the screen in which a secret may have begun."""
_NEAR: Final = 512
"""Characters before what was taken back from the screen that may belong to the same secret."""


def masked_lines(
    lines: Sequence[bytes], bodies: Mapping[str, bytes], redactor: Redactor, made: Streams
) -> Iterator[bytes]:
    """The lines of a journal, masked. The redactor learns from all of them, and from the bodies, first.

    ``made`` keeps the streams, for the bodies that have the same events.
    """
    texts = [line.decode() for line in lines]
    entries = {at: _LINE.decode(line) for at, line in enumerate(lines) if not _is_end(line)}
    streams = {numbers: made.of(_data(entries[at]) for at in numbers) for numbers in _streams(entries)}
    shown = list(_shown(entry.data for entry in entries.values()))
    whole, screen = (Shaped.of("\n".join(each)) for each in (texts, shown))
    redactor.learn_shaped(whole)
    for body in bodies.values():
        redactor.learn(body.decode("utf-8", "replace"))
    for entry in entries.values():
        if isinstance(entry.data, RequestSent | WireResponse | PageDocument):
            redactor.learn_headers(entry.data.headers)
    for stream in dict.fromkeys(streams.values()):
        stream.learn(redactor)
    redactor.learn_shaped(screen)

    changed: dict[int, AnyEntry] = {}
    for numbers, stream in streams.items():
        for at, text in zip(numbers, stream.masked(redactor), strict=True):
            data = entries[at].data
            if isinstance(data, SseParsed | SsePosted) and data.data != text:
                changed[at] = msgspec.structs.replace(data, data=text)
    if redactor.touched(shown, screen):
        changed |= _Screen(redactor).masked(entries)
    touched = redactor.touched(texts, whole)
    for at, line in enumerate(lines):
        if at not in touched and at not in changed:
            yield line
        elif at in entries:
            data = masked(changed.get(at, entries[at].data), redactor)
            yield _ENCODER.encode(msgspec.structs.replace(entries[at], data=data))
        else:
            end: Header | Footer = _ENDS.decode(line)
            yield _ENCODER.encode(masked(end, redactor))


def _is_end(line: bytes) -> bool:
    return line.startswith((b'{"kind":"header"', b'{"kind":"footer"'))


def _streams(entries: Mapping[int, Entry[AnyEntry]]) -> list[tuple[int, ...]]:
    """The numbers of the lines that hold the events of each stream."""
    found: dict[tuple[type, str], list[int]] = {}
    for at, entry in entries.items():
        data = entry.data
        if isinstance(data, SseParsed | SsePosted):
            name = data.id if isinstance(data, SseParsed) else data.nonce
            found.setdefault((type(data), name), []).append(at)
    return list(map(tuple, found.values()))


def _data(entry: Entry[AnyEntry]) -> str:
    data = entry.data
    return data.data if isinstance(data, SseParsed | SsePosted) else ""


def _shown(datas: Iterator[AnyEntry]) -> Iterator[str]:
    """Every text that stood on the screen: as far as it had grown, and what of it was taken back."""
    texts: dict[str, str] = {}
    for data in datas:
        for item in data.items if isinstance(data, DomState) else ():
            if item.text is not None:
                before = texts.get(item.key, "")
                if item.text.keep < len(before):
                    yield before[max(0, item.text.keep - _NEAR) :]
                texts[item.key] = item.text.after(before)
    yield from texts.values()


class _Screen:
    """Masks the texts on the screen as wholes, and tells how they change when they are masked."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._texts: dict[str, tuple[str, str]] = {}
        """What each element said last: as received, and masked."""

    def masked(self, entries: Mapping[int, Entry[AnyEntry]]) -> Iterator[tuple[int, AnyEntry]]:
        """The states that change, with the numbers of their lines."""
        for at, entry in entries.items():
            if isinstance(entry.data, DomState):
                items = tuple(map(self._item, entry.data.items))
                if items != entry.data.items:
                    yield at, msgspec.structs.replace(entry.data, items=items)

    def _item(self, item: DomItem) -> DomItem:
        if item.text is None:
            return item
        before, shown = self._texts.get(item.key, ("", ""))
        text = item.text.after(before)
        after = self._after(before, shown, text)
        self._texts[item.key] = text, after
        if (before, text) == (shown, after):
            return item
        kept = _in_common(shown, after)
        delta = TextDelta(keep=len(after[:kept].encode("utf-16-le")) // 2, add=after[kept:])
        return msgspec.structs.replace(item, text=delta)

    def _after(self, before: str, shown: str, text: str) -> str:
        """The masked text; what lies far before a change is masked as it was."""
        safe = _in_common(before, text) - _LONGEST_SECRET
        if safe <= 0 or len(before) != len(shown) or MASK in shown[safe - PART : safe + PART]:
            return self._redactor.text(text)
        return shown[:safe] + self._redactor.text(text[safe:])


def _in_common(left: str, right: str) -> int:
    """How many characters two texts share at their beginning."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[:middle] == right[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
