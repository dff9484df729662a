"""Reading a recording: the journal as typed entries, with bodies on demand. Needs no browser."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from chatkit_doctor.errors import RecordingError
from chatkit_doctor.recording.entries import KINDS
from chatkit_doctor.recording.header import SCHEMA
from chatkit_doctor.recording.journal import FILE_NAME
from chatkit_doctor.vocabulary import Layer

T = TypeVar("T")

FORESEEN = "model"
"""The runtime of a recording that was made without a browser: what a person would see is foreseen."""

JsonObject = Mapping[str, Any]
"""One JSON object as it was recorded: foreign data, checked where it is used."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal.

    ``n`` is its number (what evidence refers to), ``t`` the time in ms since the session began, ``layer``
    where it was seen, ``kind`` what it is, ``data`` what was seen.
    """

    n: int
    t: float
    layer: Layer
    kind: str
    data: JsonObject

    def text(self, key: str, default: str = "") -> str:
        """A string of the data, or the default when it is absent or something else."""
        value = self.data.get(key)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: float = 0.0) -> float:
        """A finite number of the data, or the default when it is absent or something else."""
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return default
        return float(value) if math.isfinite(value) else default

    def object(self, key: str) -> JsonObject:
        """An object of the data, or an empty one."""
        value = self.data.get(key)
        return cast("JsonObject", value) if isinstance(value, Mapping) else {}


@dataclass(frozen=True, eq=False)
class Recording:
    """What happened in one session, layer by layer, on one clock."""

    header: JsonObject
    entries: tuple[Entry, ...]
    footer: JsonObject | None
    directory: Path | None = None
    _derived: dict[object, object] = field(default_factory=dict, repr=False)

    @property
    def finished(self) -> bool:
        """Whether the session came to its end; a recording without a footer broke off."""
        return self.footer is not None

    @property
    def foreseen(self) -> bool:
        """Whether nobody saw this: there was neither a page nor a browser, only a model of the component."""
        runtime = self.header.get("runtime")
        return isinstance(runtime, Mapping) and runtime.get("name") == FORESEEN

    @property
    def target_kind(self) -> str:
        """What was looked at: ``scenario``, ``backend``, or for a recording that was foreseen its source."""
        target = self.header.get("target")
        return str(target.get("kind", "")) if isinstance(target, Mapping) else ""

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.kind, []).append(entry)
        # Sources reach the journal at different speeds; within a kind, time is what orders them.
        return {kind: tuple(sorted(group, key=lambda e: (e.t, e.n))) for kind, group in found.items()}

    def of(self, *kinds: str) -> tuple[Entry, ...]:
        """All entries of these kinds, in order of time."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], ())
        merged = [entry for kind in kinds for entry in self._by_kind.get(kind, ())]
        return tuple(sorted(merged, key=lambda e: (e.t, e.n)))

    def last(self, *kinds: str) -> Entry | None:
        """The latest entry of these kinds."""
        found = self.of(*kinds)
        return found[-1] if found else None

    def has(self, kind: str) -> bool:
        """Whether there is any entry of this kind."""
        return kind in self._by_kind

    def layer(self, layer: Layer) -> Iterator[Entry]:
        """All entries of one layer, in journal order."""
        return (entry for entry in self.entries if entry.layer is layer)

    def derive(self, view: Callable[[Recording], T]) -> T:
        """A pure function of this recording, computed once however many audits ask for it."""
        if view not in self._derived:
            self._derived[view] = view(self)
        return cast("T", self._derived[view])

    def body(self, reference: object) -> bytes:
        """The bytes a ``{file, …}`` reference names; empty when there are none.

        Raises RecordingError for a reference that leads out of the recording's folder.
        """
        if not isinstance(reference, Mapping) or self.directory is None:
            return b""
        name = str(cast("JsonObject", reference).get("file", ""))
        path = (self.directory / name).resolve()
        if not path.is_relative_to(self.directory.resolve()):
            raise RecordingError(f"a body lies outside of the recording: {name!r}", where=str(self.directory))
        return path.read_bytes() if name and path.is_file() else b""


def load(path: Path) -> Recording:
    """Read a recording from its folder or its journal file.

    A last line that was cut in the middle of writing is left out. Raises RecordingError when there is no
    journal, when it does not begin with a header, or when its schema is newer than this program.
    """
    journal = path / FILE_NAME if path.is_dir() else path
    try:
        lines = journal.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError as error:
        raise RecordingError(
            f"there is no recording here ({error.strerror or error})",
            where=str(path),
            hint=f"Give a folder that contains {FILE_NAME}, as written under reports/.",
        ) from error
    header: JsonObject | None = None
    footer: JsonObject | None = None
    entries: list[Entry] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parsed = _parse(line, journal, number, last=number >= len(lines) - 1)
        if parsed is None:
            break
        if header is None:
            header = _checked_header(parsed, journal)
        elif parsed.get("kind") == "footer":
            footer = parsed
        else:
            entries.append(_entry(parsed, journal, number))
    if header is None:
        raise RecordingError("the journal is empty", where=str(journal), hint="Record again.")
    return Recording(header, tuple(entries), footer, journal.parent)


def _parse(line: str, journal: Path, number: int, *, last: bool) -> JsonObject | None:
    try:
        value = json.loads(line)
    except ValueError as error:
        if last:
            return None
        raise RecordingError(
            f"line {number} is not JSON: {error}", where=str(journal), hint="The file was changed or damaged."
        ) from error
    if not isinstance(value, dict):
        raise RecordingError(f"line {number} is not an object", where=str(journal))
    return cast("JsonObject", value)


def _checked_header(header: JsonObject, journal: Path) -> JsonObject:
    if header.get("kind") != "header":
        raise RecordingError("this is not a recording: its first line is no header", where=str(journal))
    if int(header.get("schema", 0)) > SCHEMA:
        raise RecordingError(
            f"the recording has schema {header['schema']}, this program reads up to {SCHEMA}",
            where=str(journal),
            hint="Update chatkit-doctor.",
        )
    return header


def _entry(line: JsonObject, journal: Path, number: int) -> Entry:
    if not isinstance(line.get("data"), dict):
        raise RecordingError(f"line {number} is not an entry: it has no data", where=str(journal))
    try:
        data = dict(line["data"])
        kind = str(data.pop("kind"))
        return Entry(int(line["n"]), float(line["t"]), KINDS[kind].layer, kind, data)
    except (KeyError, ValueError, TypeError) as error:
        raise RecordingError(f"line {number} is not an entry: {error}", where=str(journal)) from error
