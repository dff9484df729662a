"""Reading files that a stranger names or has laid there: regular ones, below one folder, up to a size."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

# A FIFO would wait for its writer; what is no link while it is examined is none when it is opened.
_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


class NotAllowedError(Exception):
    """A path that leads somewhere else, or to what is not a file; says so in a few words."""


def read_regular(path: str | Path, limit: int, *, below: str | Path) -> bytes:
    """The content of a regular file, cut after ``limit`` bytes.

    Raises NotAllowedError for a link that points outside the folder ``below``, and for a FIFO, a socket or a
    device; OSError for what cannot be read, names that no file can have among them.
    """
    try:
        real = os.path.realpath(path)
        if not is_below(real, os.path.realpath(below)):
            raise NotAllowedError("a link that points outside the folder")
        with os.fdopen(os.open(real, _FLAGS), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NotAllowedError("not a regular file")
            return file.read(limit)
    except ValueError as error:  # a NUL in the name
        raise OSError(f"not a valid file name: {error}") from error


def is_below(real: str, folder: str) -> bool:
    """Whether a path without links is in a folder, given as one."""
    try:
        return os.path.commonpath([folder, real]) == folder
    except ValueError:  # on another drive
        return False
