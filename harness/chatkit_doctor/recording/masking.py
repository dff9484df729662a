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
from chatkit_doctor.recording.pieces import learn_from_events, masked_events
from chatkit_doctor.recording.redaction import Redactor

_LINE: Final = msgspec.json.Decoder(Entry[AnyEntry])
_ENDS: Final = msgspec.json.Decoder(Header | Footer)
_ENCODER: Final = msgspec.json.Encoder()
_LONGEST_SECRET: Final = 8192
"""Characters before a change on the screen in which a secret may have begun."""


def masked_lines(lines: Sequence[bytes], bodies: Mapping[str, bytes], redactor: Redactor) -> Iterator[bytes]:
    """The lines of a journal, masked. The redactor learns from all of them, and from the bodies, first."""
    entries = {at: _LINE.decode(line) for at, line in enumerate(lines) if not _is_end(line)}
    streams = _streams(entries)
    for line in lines:
        redactor.learn(line.decode())
    for body in bodies.values():
        redactor.learn(body.decode("utf-8", "replace"))
    for entry in entries.values():
        if isinstance(entry.data, RequestSent | WireResponse | PageDocument):
            redactor.learn_headers(entry.data.headers)
    for numbers in streams.values():
        learn_from_events([_data(entries[at]) for at in numbers], redactor)
    for text in _shown(entry.data for entry in entries.values()):
        redactor.learn(text)

    changed: dict[int, str] = {}
    for numbers in streams.values():
        changed |= zip(numbers, masked_events([_data(entries[at]) for at in numbers], redactor), strict=True)
    screen = _Screen(redactor)
    for at, line in enumerate(lines):
        if at not in entries:
            end: Header | Footer = _ENDS.decode(line)
            yield _ENCODER.encode(masked(end, redactor)) if redactor.touches(line.decode()) else line
            continue
        entry = entries[at]
        data: AnyEntry = entry.data
        if isinstance(data, SseParsed | SsePosted):
            data = data if data.data == changed[at] else msgspec.structs.replace(data, data=changed[at])
        elif isinstance(data, DomState):
            data = screen.masked(data)
        if data is not entry.data or redactor.touches(line.decode()):
            yield _ENCODER.encode(msgspec.structs.replace(entry, data=masked(data, redactor)))
        else:
            yield line


def _is_end(line: bytes) -> bool:
    return line.startswith((b'{"kind":"header"', b'{"kind":"footer"'))


def _streams(entries: Mapping[int, Entry[AnyEntry]]) -> dict[tuple[type, str], list[int]]:
    """The numbers of the lines that hold the events of each stream."""
    found: dict[tuple[type, str], list[int]] = {}
    for at, entry in entries.items():
        data = entry.data
        if isinstance(data, SseParsed | SsePosted):
            name = data.id if isinstance(data, SseParsed) else data.nonce
            found.setdefault((type(data), name), []).append(at)
    return found


def _data(entry: Entry[AnyEntry]) -> str:
    data = entry.data
    return data.data if isinstance(data, SseParsed | SsePosted) else ""


def _shown(datas: Iterator[AnyEntry]) -> Iterator[str]:
    """Every text that stood on the screen, as far as it had grown."""
    texts: dict[str, str] = {}
    for data in datas:
        for item in data.items if isinstance(data, DomState) else ():
            if item.text is not None:
                before = texts.get(item.key, "")
                if item.text.keep < len(before) - _LONGEST_SECRET // 128:
                    yield before
                texts[item.key] = item.text.after(before)
    yield from texts.values()


class _Screen:
    """Masks the texts on the screen as wholes, and tells how they change when they are masked."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._texts: dict[str, tuple[str, str]] = {}
        """What each element said last: as received, and masked."""

    def masked(self, state: DomState) -> DomState:
        items = tuple(self._item(item) for item in state.items)
        return state if items == state.items else msgspec.structs.replace(state, items=items)

    def _item(self, item: DomItem) -> DomItem:
        if item.text is None:
            return item
        before, shown = self._texts.get(item.key, ("", ""))
        text = item.text.after(before)
        recent = text[-(len(item.text.add) + _LONGEST_SECRET) :]
        if shown == before and not self._redactor.touches(recent):
            self._texts[item.key] = text, text
            return item
        after = self._redactor.text(text)
        self._texts[item.key] = text, after
        kept = _in_common(shown, after)
        delta = TextDelta(keep=len(after[:kept].encode("utf-16-le")) // 2, add=after[kept:])
        return msgspec.structs.replace(item, text=delta)


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
