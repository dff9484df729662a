"""A folder that someone saved a component into, searched by file name and by URL path.

It may be a stranger's: no link leads out of it, nothing but regular files is opened, and how many there are,
how large each is, how much is read and how long all of it takes has limits.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from chatkit_doctor.errors import RuntimeSourceError
from chatkit_doctor.regular_files import NotAllowedError, is_below, read_regular
from chatkit_doctor.runtime.runtime import LOADER_NAME

MAX_ENTRIES: Final = 100_000
"""Files and folders looked at."""
MAX_FILE_BYTES: Final = 16 * 1024 * 1024
"""Bytes of one file; the main bundle had 4 MB in June 2026."""
MAX_BYTES: Final = 512 * 1024 * 1024
"""Bytes read in all, of each file as often as it is read; the whole component has 6 MB."""
LIMIT_S: Final = 60.0
"""How long everything may take."""
_MOST_OF_A_NAME: Final = 100
"""Files of one name among which the right one is looked for."""

_SKIPPED_FOLDERS: Final = frozenset({".git", ".venv", "node_modules", "__pycache__"})


class SourceFolder:
    """The files below a folder, found by name; of several with one name, the one whose folders fit best.

    Everything raises RuntimeSourceError at a limit, and OSError for what cannot be read.
    """

    def __init__(self, root: Path) -> None:
        # os.path answers for names that are too long for the file system; Path raises.
        if not os.path.isdir(root):  # noqa: PTH112
            raise RuntimeSourceError(
                "this is a file, not a folder" if os.path.exists(root) else "there is no such folder",  # noqa: PTH110
                where=str(root),
                hint=f"Choose a folder that contains {LOADER_NAME}, its index-*.html and the assets.",
            )
        self.root = root
        self._real = os.path.realpath(root)
        self._deadline = time.monotonic() + LIMIT_S
        self._bytes_left = MAX_BYTES
        self._by_name: dict[str, list[Path]] = {}
        self._by_folder: dict[Path, list[Path]] = {}
        self._unusable: dict[str, str] = {}
        self._measured: dict[Path, tuple[int, str]] = {}
        self._look_through()

    def named(self, name: str) -> tuple[Path, ...]:
        """All files of this name."""
        found = self._by_name.get(name, ())
        if len(found) > _MOST_OF_A_NAME:
            raise RuntimeSourceError(
                f"there are {len(found):,} files named {name} in it",
                where=str(self.root),
                hint="Choose a folder that contains a single copy of the component.",
            )
        return tuple(found)

    def matching(self, pattern: re.Pattern[str]) -> tuple[str, ...]:
        """All file names of this form."""
        return tuple(sorted(name for name in self._by_name if pattern.fullmatch(name)))

    def beside(self, path: Path) -> tuple[Path, ...]:
        """All files in the folder of this one, itself among them."""
        return tuple(self._by_folder.get(path.parent, ()))

    def at(self, url_path: str) -> Path | None:
        """The file for a URL path. Raises RuntimeSourceError when two different ones fit equally well."""
        wanted = url_path.strip("/").split("/")
        found = self.named(wanted[-1])
        if len(found) <= 1:
            return found[0] if found else None
        fits = {path: _common_tail(path.parts, wanted) for path in found}
        best = [path for path in found if fits[path] == max(fits.values())]
        if len({self.digest(path) for path in best}) > 1:
            raise RuntimeSourceError(
                f"there are {len(best)} different files named {wanted[-1]}: {self.short(best)}",
                where=str(self.root),
                hint="Choose a folder that contains a single copy of the component.",
            )
        return best[0]

    def unusable(self, name: str) -> str:
        """Why a file of this name was left out, in words; empty where there is none."""
        return self._unusable.get(name, "")

    def short(self, paths: Iterable[Path]) -> str:
        """Paths as the user gave them: relative to the folder, each on one line."""
        return ", ".join(" ".join(str(path.relative_to(self.root)).split()) for path in paths)

    def read(self, path: Path) -> bytes:
        """The content of one of its files."""
        self.check_time()
        try:
            data = read_regular(path, MAX_FILE_BYTES + 1, below=self._real)
        except NotAllowedError as error:
            raise RuntimeSourceError(f"this is {error}", where=str(path)) from error
        if len(data) > MAX_FILE_BYTES:
            raise RuntimeSourceError(
                f"{path.name} is larger than {MAX_FILE_BYTES // 1024 // 1024} MB", where=str(self.root)
            )
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            size = f"{MAX_BYTES // 1024 // 1024} MB"
            raise RuntimeSourceError(f"more than {size} would have to be read", where=str(self.root))
        return data

    def text(self, path: Path) -> str:
        """The text of a script, style or document; bytes that are no UTF-8 are replaced."""
        return self.read(path).decode("utf-8", "replace")

    def measure(self, path: Path) -> tuple[int, str]:
        """The size of a file in bytes, and its sha256 in hex."""
        if path not in self._measured:
            data = self.read(path)
            self._measured[path] = len(data), hashlib.sha256(data).hexdigest()
        return self._measured[path]

    def digest(self, path: Path) -> str:
        """The sha256 of a file, in hex."""
        return self.measure(path)[1]

    def check_time(self) -> None:
        """Raise RuntimeSourceError when all of it has taken too long."""
        if time.monotonic() > self._deadline:
            raise RuntimeSourceError(
                f"looking through the folder took longer than {LIMIT_S:g} s",
                where=str(self.root),
                hint=f"Choose the folder that contains {LOADER_NAME} and its assets.",
            )

    def _look_through(self) -> None:
        count, waiting = 0, [str(self.root)]
        while waiting:
            folder = waiting.pop()
            self.check_time()
            entries: list[os.DirEntry[str]] = []
            try:
                with os.scandir(folder) as listing:
                    for entry in listing:
                        count += 1
                        if count > MAX_ENTRIES:
                            raise RuntimeSourceError(
                                f"the folder holds more than {MAX_ENTRIES:,} files and folders",
                                where=str(self.root),
                                hint=f"Choose the folder that contains {LOADER_NAME} and its assets.",
                            )
                        entries.append(entry)
            except OSError:
                if folder == str(self.root):
                    raise
            entries.sort(key=lambda entry: entry.name)
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _SKIPPED_FOLDERS:
                        waiting.append(entry.path)
                elif reason := self._hindrance(entry):
                    self._unusable.setdefault(entry.name, reason)
                else:
                    path = Path(entry.path)
                    self._by_name.setdefault(entry.name, []).append(path)
                    self._by_folder.setdefault(path.parent, []).append(path)

    def _hindrance(self, entry: os.DirEntry[str]) -> str:
        """Why an entry cannot be used; empty for a regular file, or a link to one inside of the folder."""
        if entry.is_symlink():
            try:
                real = os.path.realpath(entry.path, strict=True)
                mode = os.lstat(real).st_mode
            except OSError:
                return "a link that leads nowhere"
            if not is_below(real, self._real):
                return "a link that points outside the folder"
            return "" if stat.S_ISREG(mode) else "a link to something that is not a regular file"
        return "" if entry.is_file(follow_symlinks=False) else "not a regular file"


def _common_tail(parts: tuple[str, ...], wanted: list[str]) -> int:
    count = 0
    for ours, theirs in zip(reversed(parts), reversed(wanted), strict=False):
        if ours != theirs:
            break
        count += 1
    return count
