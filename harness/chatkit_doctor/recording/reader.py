"""Reading a recording: the journal as typed entries, with bodies on demand. Needs no browser."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, TypeVar, cast, overload

import msgspec

from chatkit_doctor.errors import RecordingError
from chatkit_doctor.recording.entries import (
    KINDS,
    AnyEntry,
    BodyReference,
    Entry,
    EntryData,
    SessionCapped,
    capped_types,
)
from chatkit_doctor.recording.header import SCHEMA, Footer, Header
from chatkit_doctor.recording.journal import FILE_NAME, MAX_BODY, MAX_ENTRIES, MAX_TOTAL_BYTES, Journal
from chatkit_doctor.regular_files import NotAllowedError, read_regular
from chatkit_doctor.vocabulary import Layer

_MASKED: Final = 3
"""How many times as long as it came a text is when all of it is masked: a mask has three bytes."""
MAX_JOURNAL_BYTES: Final = MAX_TOTAL_BYTES * 3 // 2
"""Larger than any journal this program writes."""
MOST_ENTRIES: Final = MAX_ENTRIES + len(KINDS)
"""As many as a journal can hold: at its limits one is added for each kind of which some are dropped."""
_LONGEST_REASON: Final = 200

T = TypeVar("T")
A = TypeVar("A", bound=EntryData)
B = TypeVar("B", bound=EntryData)
C = TypeVar("C", bound=EntryData)
D = TypeVar("D", bound=EntryData)
E = TypeVar("E", bound=EntryData)

_in_order = attrgetter("t", "n")


@dataclass(frozen=True, eq=False)
class Recording:
    """What happened in one session, layer by layer, on one clock."""

    header: Header
    entries: tuple[Entry[AnyEntry], ...]
    footer: Footer | None
    directory: Path | None = None
    bodies: Mapping[str, bytes] | None = field(default=None, repr=False)
    """The bodies by their file; None: they are next to the journal."""
    _derived: dict[object, tuple[object, set[type[EntryData]]]] = field(default_factory=dict, repr=False)
    _readers: list[set[type[EntryData]]] = field(default_factory=list, repr=False)

    @property
    def finished(self) -> bool:
        """Whether the session ended; a recording without a footer broke off."""
        return self.footer is not None

    @property
    def simulated(self) -> bool:
        """Whether nobody saw this: there was neither a page nor a browser, only a model of the component."""
        return self.header.runtime.name == "model"

    @cached_property
    def end_ms(self) -> float:
        """The last moment that is known of."""
        return max((entry.t for entry in self.entries), default=0.0)

    @cached_property
    def _by_type(self) -> dict[type[EntryData], tuple[Entry[AnyEntry], ...]]:
        found: dict[type[EntryData], list[Entry[AnyEntry]]] = {}
        for entry in self.entries:
            found.setdefault(type(entry.data), []).append(entry)
        # Sources reach the journal at different speeds; within a kind, time is what orders them.
        return {type_: tuple(sorted(group, key=_in_order)) for type_, group in found.items()}

    @cached_property
    def capped(self) -> dict[type[EntryData], float]:
        """The types of which entries were dropped by a limit, each with the time (ms) from which it drops."""
        found: dict[type[EntryData], float] = {}
        for cap in self.of(SessionCapped):
            for type_ in capped_types(cap.data):
                found[type_] = min(cap.t, found.get(type_, cap.t))
        return found

    @contextmanager
    def reading(self) -> Iterator[set[type[EntryData]]]:
        """Notes which types of entries are requested within it, be it through what was derived before."""
        read: set[type[EntryData]] = set()
        self._readers.append(read)
        try:
            yield read
        finally:
            # By identity: two readers may have read the same.
            self._readers[:] = [reader for reader in self._readers if reader is not read]

    def _is_read(self, types: Iterable[type[EntryData]]) -> None:
        for reader in self._readers:
            reader.update(types)

    @overload
    def of(self, a: type[A], /) -> tuple[Entry[A], ...]: ...
    @overload
    def of(self, a: type[A], b: type[B], /) -> tuple[Entry[A | B], ...]: ...
    @overload
    def of(self, a: type[A], b: type[B], c: type[C], /) -> tuple[Entry[A | B | C], ...]: ...
    @overload
    def of(self, a: type[A], b: type[B], c: type[C], d: type[D], /) -> tuple[Entry[A | B | C | D], ...]: ...
    @overload
    def of(
        self, a: type[A], b: type[B], c: type[C], d: type[D], e: type[E], /
    ) -> tuple[Entry[A | B | C | D | E], ...]: ...
    def of(self, *types: type[EntryData]) -> tuple[Entry[Any], ...]:
        """All entries of these types, in order of time."""
        self._is_read(types)
        if len(types) == 1:
            return self._by_type.get(types[0], ())
        merged = [entry for type_ in types for entry in self._by_type.get(type_, ())]
        return tuple(sorted(merged, key=_in_order))

    @overload
    def last(self, a: type[A], /) -> Entry[A] | None: ...
    @overload
    def last(self, a: type[A], b: type[B], /) -> Entry[A | B] | None: ...
    def last(self, a: type[EntryData], b: type[EntryData] | None = None, /) -> Entry[Any] | None:
        """The latest entry of these types."""
        found = self.of(a) if b is None else self.of(a, b)
        return found[-1] if found else None

    def has(self, type_: type[EntryData]) -> bool:
        """Whether there is any entry of this type."""
        self._is_read([type_])
        return type_ in self._by_type

    def layer(self, layer: Layer) -> Iterator[Entry[AnyEntry]]:
        """All entries of one layer, in journal order."""
        return (entry for entry in self.entries if entry.layer is layer)

    def derive(self, view: Callable[[Recording], T]) -> T:
        """A pure function of this recording, computed once however many audits ask for it."""
        if view not in self._derived:
            with self.reading() as read:
                value = view(self)
            self._derived[view] = (value, read)
        known, read = self._derived[view]
        self._is_read(read)
        return cast("T", known)

    def body(self, reference: BodyReference) -> bytes:
        """The bytes beside the journal; empty when they are not there.

        Raises RecordingError for a reference that leads out of the recording's folder.
        """
        if self.bodies is not None:
            return self.bodies.get(reference.file, b"")
        if self.directory is None:
            return b""
        try:
            longest = _MASKED * MAX_BODY
            return read_regular(self.directory / reference.file, longest, below=self.directory)
        except NotAllowedError as error:
            raise RecordingError(
                f"the body {reference.file!r} is not read: it is {error}", where=str(self.directory)
            ) from error
        except OSError:
            return b""


def load(path: Path) -> Recording:
    """Read a recording from its folder or its journal file.

    A last line that was cut in the middle of writing is left out. Raises RecordingError, which names line and
    place, for anything else that is not a journal of this format.
    """
    journal = path / FILE_NAME if path.is_dir() else path
    return _read(_content(path, journal).split(b"\n"), journal)


def received(journal: Journal) -> Recording:
    """A recording as it was received: with secrets in it, to be judged and never to be shown."""
    lines, bodies = journal.received()
    recording = _read(lines, journal.directory / FILE_NAME)
    return replace(recording, bodies=bodies)


def read_lines(lines: Sequence[bytes], directory: Path) -> Recording:
    """The recording that a journal of these lines would be. Raises RecordingError for what is none."""
    return _read(lines, directory / FILE_NAME)


def _read(content: Sequence[bytes], journal: Path) -> Recording:
    lines = [(number, line) for number, line in enumerate(content, start=1) if line.strip()]
    if not lines:
        raise RecordingError("the journal is empty", where=str(journal), hint="Record again.")
    header = _header(lines[0][1], journal)
    entries: list[Entry[AnyEntry]] = []
    footer: Footer | None = None
    for number, line in lines[1:]:
        if footer is not None:
            raise _refusal(f"line {number} follows the end of the recording", journal)
        parsed = _parsed(line, number, journal, is_last=number == lines[-1][0])
        if isinstance(parsed, Footer):
            footer = parsed
        elif parsed is not None:
            entries.append(parsed)
        if len(entries) > MOST_ENTRIES:
            raise _refusal(f"it has more than {MOST_ENTRIES:,} entries", journal)
    if footer is not None and footer.entries != len(entries):
        raise _refusal(
            f"the journal has {len(entries)} entries, but its footer says {footer.entries}", journal
        )
    return Recording(header, tuple(entries), footer, journal.parent)


_DAMAGED: Final = "The file was changed or damaged: record again."


_UNREADABLE: Final = (ValueError, RecursionError)


class _Mark(msgspec.Struct, frozen=True):
    """What tells a line from others, whatever else stands in it."""

    kind: str = ""
    schema: int = 0


_ENTRY: Final = msgspec.json.Decoder(Entry[AnyEntry])
_FOOTER: Final = msgspec.json.Decoder(Footer)
_HEADER: Final = msgspec.json.Decoder(Header)
_MARK: Final = msgspec.json.Decoder(_Mark)


def _content(path: Path, journal: Path) -> bytes:
    try:
        content = read_regular(journal, MAX_JOURNAL_BYTES + 1, below=journal.resolve().parent)
    except (OSError, NotAllowedError, RuntimeError, ValueError) as error:
        raise RecordingError(
            f"no recording found here ({getattr(error, 'strerror', None) or error})",
            where=str(path),
            hint=f"Pass a folder that contains {FILE_NAME}, as written under reports/.",
        ) from error
    if len(content) > MAX_JOURNAL_BYTES:
        size = f"{MAX_JOURNAL_BYTES // 1024 // 1024} MB"
        raise RecordingError(f"the journal is larger than {size}", where=str(journal), hint="Record again.")
    return content


def _header(line: bytes, journal: Path) -> Header:
    """The first line. A journal of another format is refused by its version."""
    mark = _mark(line)
    if mark.kind != "header":
        raise RecordingError("this is not a recording: its first line is not a header", where=str(journal))
    if mark.schema != SCHEMA:
        is_newer = mark.schema > SCHEMA
        reads = f"this program reads {'up to ' if is_newer else ''}{SCHEMA}"
        raise RecordingError(
            f"it was recorded with schema {mark.schema}, and {reads}",
            where=str(journal),
            hint="Update chatkit-doctor." if is_newer else "Record again.",
        )
    try:
        return _HEADER.decode(line)
    except _UNREADABLE as error:
        raise _refusal(f"line 1 is not a header: {_reason(error)}", journal) from error


def _parsed(line: bytes, number: int, journal: Path, *, is_last: bool) -> Entry[AnyEntry] | Footer | None:
    """What a line holds; None for a last one that was cut."""
    try:
        return _ENTRY.decode(line)
    except msgspec.ValidationError as error:
        if _mark(line).kind != "footer":
            raise _refusal(f"line {number} is not an entry: {_reason(error)}", journal) from error
    except _UNREADABLE as error:
        if is_last:
            return None
        raise _refusal(f"line {number} is not JSON: {_reason(error)}", journal) from error
    try:
        return _FOOTER.decode(line)
    except _UNREADABLE as error:
        raise _refusal(f"line {number} is not a footer: {_reason(error)}", journal) from error


def _mark(line: bytes) -> _Mark:
    try:
        return _MARK.decode(line)
    except _UNREADABLE:
        return _Mark()


def _reason(error: Exception) -> str:
    return str(error)[:_LONGEST_REASON]


def _refusal(what: str, journal: Path) -> RecordingError:
    return RecordingError(what, where=str(journal), hint=_DAMAGED)
