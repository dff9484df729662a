"""Gathering a component's files from a folder: everything its scripts and styles lead to."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from chatkit_doctor.errors import RuntimeSourceError
from chatkit_doctor.runtime import references
from chatkit_doctor.runtime.source_folder import SourceFolder, text_of

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""Bytes of one file; the main bundle was 4 MB in June 2026."""

_BUILT_ASSET: Final = re.compile(r".+-[\w-]{8}\.\w+\Z", re.ASCII)
"""File names as bundlers print them: a name and eight characters of content hash."""


@dataclass(slots=True)
class ComponentFiles:
    """The parts found so far, by URL path."""

    source: SourceFolder
    files: dict[str, Path] = field(default_factory=dict)
    missing: dict[str, set[str]] = field(default_factory=dict)
    static: dict[str, set[str]] = field(default_factory=dict)
    """For each script, the scripts it imports statically."""

    def take(self, path: str, file: Path) -> None:
        """Add a part."""
        if file.stat().st_size > MAX_FILE_BYTES:
            raise RuntimeSourceError(
                f"{file.name} is larger than {MAX_FILE_BYTES // 1024 // 1024} MB", where=str(self.source.root)
            )
        self.files[path] = file

    def follow(self, start: Iterable[str]) -> None:
        """Take everything that can be reached from these parts, and note what is missing."""
        queue = deque(start)
        while queue:
            path = queue.popleft()
            found = _references(path, self.files[path])
            self.static[path] = found.static
            for other, exports in [*found.uses.items(), *((path, set[str]()) for path in found.others)]:
                if other in self.missing:
                    self.missing[other] |= exports
                elif other not in self.files:
                    if (file := self.source.at(other)) is None:
                        self.missing[other] = set(exports)
                    else:
                        self.take(other, file)
                        queue.append(other)

    def take_neighbours(self) -> list[str]:
        """Add built assets that lie beside known ones and that no pattern led to; returns their paths."""
        added: list[str] = []
        for folder_url, folder in {
            (path.rpartition("/")[0], file.parent)
            for path, file in self.files.items()
            if _BUILT_ASSET.fullmatch(file.name)
        }:
            for file in sorted(folder.iterdir()):
                path = f"{folder_url}/{file.name}"
                if path in self.files or not _BUILT_ASSET.fullmatch(file.name):
                    continue
                if file.is_file() and references.is_safe_path(path):
                    self.take(path, file)
                    added.append(path)
        return added

    def statically_missing(self, entry: str) -> list[str]:
        """Missing scripts without which ``entry`` cannot run, because it or its imports import them."""
        seen, queue = {entry}, deque([entry])
        while queue:
            for other in self.static.get(queue.popleft(), ()):
                if other not in seen:
                    seen.add(other)
                    queue.append(other)
        return sorted(seen & self.missing.keys())


def _references(path: str, file: Path) -> references.References:
    if path.endswith((".js", ".mjs")):
        text = text_of(file)
        if text.lstrip().startswith("<"):
            raise RuntimeSourceError(
                f"{file.name} is an HTML page, not a script",
                where=str(file),
                hint="An error page was saved in its place; save it again or remove it.",
            )
        return references.in_script(text, path)
    if path.endswith(".css"):
        return references.in_style(text_of(file), path)
    return references.References()
