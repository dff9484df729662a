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
from chatkit_doctor.runtime.source_folder import SourceFolder

MAX_PARTS: Final = 20_000
"""Files that belong to a component, missing ones among them; in June 2026 there were 1,654."""

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
        self.files[path] = file
        self._check_number()

    def miss(self, path: str, exports: Iterable[str] = ()) -> None:
        """Note a part that is not there, with the exports that are asked of it."""
        self.missing.setdefault(path, set()).update(exports)
        self._check_number()

    def follow(self, start: Iterable[str]) -> None:
        """Take everything that can be reached from these parts, and note what is missing."""
        queue = deque(start)
        while queue:
            path = queue.popleft()
            found = self._references(path)
            self.static[path] = found.static
            for other, exports in [*found.uses.items(), *((path, set[str]()) for path in found.others)]:
                if other in self.files:
                    continue
                if other in self.missing or (file := self.source.at(other)) is None:
                    self.miss(other, exports)
                else:
                    self.take(other, file)
                    queue.append(other)

    def take_neighbours(self) -> list[str]:
        """Add built assets that are next to known ones and that no pattern led to; returns their paths."""
        added: list[str] = []
        known = {
            (path.rpartition("/")[0], file.parent): file
            for path, file in self.files.items()
            if _BUILT_ASSET.fullmatch(file.name)
        }
        for (folder_url, _), one in known.items():
            self.source.check_time()
            for file in self.source.beside(one):
                path = f"{folder_url}/{file.name}"
                if path in self.files or not _BUILT_ASSET.fullmatch(file.name):
                    continue
                if references.is_safe_path(path):
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

    def _check_number(self) -> None:
        if len(self.files) + len(self.missing) > MAX_PARTS:
            raise RuntimeSourceError(
                f"the component refers to more than {MAX_PARTS:,} files", where=str(self.source.root)
            )

    def _references(self, path: str) -> references.References:
        file = self.files[path]
        if not path.endswith((".js", ".mjs", ".css")):
            return references.References()
        text = self.source.text(file)
        if not path.endswith(".css") and text.lstrip().startswith("<"):
            raise RuntimeSourceError(
                f"{file.name} is an HTML page, not a script",
                where=str(file),
                hint="An error page was saved in its place; save it again or remove it.",
            )
        read = references.in_style if path.endswith(".css") else references.in_script
        try:
            return read(text, path)
        except references.TooManyReferencesError:
            raise RuntimeSourceError(
                f"{file.name} refers to other files more than {references.MAX_REFERENCES:,} times",
                where=str(self.source.root),
            ) from None
