"""A folder that somebody saved a component into, searched by file name and by URL path."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from chatkit_doctor.errors import RuntimeSourceError
from chatkit_doctor.runtime.runtime import LOADER_NAME

MAX_FILES: Final = 100_000
"""Files looked at in one folder."""

_SKIPPED_FOLDERS: Final = frozenset({".git", ".venv", "node_modules", "__pycache__"})


class SourceFolder:
    """The files below a folder, found by name; of several with one name, the one whose folders fit best."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise RuntimeSourceError(
                "there is no such folder" if not root.exists() else "this is a file, not a folder",
                where=str(root),
                hint=f"Give a folder that contains {LOADER_NAME}, its index-*.html and the assets.",
            )
        self.root = root
        self._by_name: dict[str, list[Path]] = {}
        count = 0
        for at, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in _SKIPPED_FOLDERS)
            count += len(names)
            if count > MAX_FILES:
                raise RuntimeSourceError(
                    f"the folder holds more than {MAX_FILES:,} files",
                    where=str(root),
                    hint=f"Give the folder that {LOADER_NAME} and its assets lie in.",
                )
            for name in sorted(names):
                self._by_name.setdefault(name, []).append(Path(at, name))

    def named(self, name: str) -> tuple[Path, ...]:
        """All files of this name."""
        return tuple(self._by_name.get(name, ()))

    def matching(self, pattern: re.Pattern[str]) -> tuple[str, ...]:
        """All file names of this form."""
        return tuple(sorted(name for name in self._by_name if pattern.fullmatch(name)))

    def at(self, url_path: str) -> Path | None:
        """The file for a URL path. Raises RuntimeSourceError when two different ones fit equally well."""
        wanted = url_path.strip("/").split("/")
        found = self._by_name.get(wanted[-1], ())
        if len(found) <= 1:
            return found[0] if found else None
        fits = {path: _common_tail(path.parts, wanted) for path in found}
        best = [path for path in found if fits[path] == max(fits.values())]
        if len({sha256_of(path) for path in best}) > 1:
            raise RuntimeSourceError(
                f"there are {len(best)} different files named {wanted[-1]}: {self.short(best)}",
                where=str(self.root),
                hint="Give a folder that holds one copy of the component.",
            )
        return best[0]

    def short(self, paths: Iterable[Path]) -> str:
        """Paths as the person gave them: relative to the folder."""
        return ", ".join(str(path.relative_to(self.root)) for path in paths)


def _common_tail(parts: tuple[str, ...], wanted: list[str]) -> int:
    count = 0
    for ours, theirs in zip(reversed(parts), reversed(wanted), strict=False):
        if ours != theirs:
            break
        count += 1
    return count


def text_of(path: Path) -> str:
    """The text of a script, style or document; bytes that are no UTF-8 are replaced."""
    return path.read_text(encoding="utf-8", errors="replace")


def sha256_of(path: Path) -> str:
    """The hash of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
