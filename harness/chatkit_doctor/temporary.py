"""Temporary folders that say whose they are, so that what a killed process left can be told and removed."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

PREFIX: Final = "chatkit-doctor-"
OWNER: Final = ".owner"
"""A file that the process which made the folder keeps locked. The system lets go of it with the process,
however that ends, and nobody else's folder has one."""


_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - what is made in it is only ours to read
"""Where Linux keeps files in memory."""
_ROOM: Final = 1 << 30
"""Bytes that must be free there."""


@contextmanager
def owned_folder(kind: str, *, place: Path | None = None) -> Iterator[Path]:
    """A new temporary folder that is removed when the context ends; ``kind`` is part of its name."""
    folder = (place or Path(tempfile.gettempdir())) / f"{PREFIX}{kind}-{secrets.token_hex(8)}"
    try:
        # Its name is known before it is there: a signal that comes in between leaves nothing behind, as
        # one in the middle of tempfile's functions does.
        folder.mkdir(mode=0o700)
        lock = FileLock(folder / f"{OWNER}.new")
        with lock:
            # Under its name it is locked from the first moment on: nobody can take it for an orphan's.
            (folder / OWNER).hardlink_to(folder / f"{OWNER}.new")
            yield folder
    finally:
        # A browser that is still closing may write into its profile meanwhile.
        shutil.rmtree(folder, ignore_errors=True)


@cache
def in_memory() -> str | None:
    """A folder of this process for what must not lie on disk: its files are in memory, and only ours to read.

    None where there is no such place, or little room in it. It is removed with the process; what a killed one
    left, like every other orphan.
    """
    try:
        if shutil.disk_usage(_MEMORY).free < _ROOM:
            return None
        owned = owned_folder("memory", place=_MEMORY)
        folder = owned.__enter__()
    except OSError:
        return None
    atexit.register(owned.__exit__, None, None, None)
    return str(folder)


def remove_orphans() -> list[Path]:
    """Remove the folders whose process is gone, and return them. What is not certain to be ours stays."""
    places = (Path(tempfile.gettempdir()), _MEMORY)
    return [folder for place in places for folder in place.glob(f"{PREFIX}*") if _removed(folder)]


def _removed(folder: Path) -> bool:
    owner = folder / OWNER
    with suppress(OSError, Timeout):
        if folder.is_symlink() or not _is_mine(folder) or not _is_mine(owner):
            return False
        with FileLock(owner, blocking=False):
            if _is_used(folder):
                return False
            shutil.rmtree(folder, ignore_errors=True)
            return not folder.exists()
    return False


def _is_used(folder: Path) -> bool:
    """Whether a process was started with this folder: a browser may outlive who started it for a while."""
    import psutil  # Takes a while to import, and there is hardly ever an orphan.

    within = str(folder)
    commands = (process.info["cmdline"] or () for process in psutil.process_iter(["cmdline"]))
    return any(within in argument for command in commands for argument in command)


def _is_mine(path: Path) -> bool:
    return not hasattr(os, "getuid") or path.lstat().st_uid == os.getuid()
