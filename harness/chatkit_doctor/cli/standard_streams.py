"""What the command makes of the streams and the screen it is started with, however poor they are.

A process may be started without any of its three streams, with an encoding that lacks most letters, and with
a screen of no width. None of that may cost the answer.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Final

_DESCRIPTORS: Final = (0, 1, 2)
_WIDTH: Final = "COLUMNS"


def prepare() -> None:
    """Make the streams of this process usable. Call it before anything is opened."""
    _fill_gaps()
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    # Standard input stays missing: whoever is told to read it has to say that there is none.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if not _is_width(os.environ.get(_WIDTH, "")):
        # Rich would print nothing at all on a screen without columns.
        os.environ.pop(_WIDTH, None)


def _fill_gaps() -> None:
    """Leave no descriptor of a stream free: the next file that is opened would get it."""
    for descriptor in _DESCRIPTORS:
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _nowhere() -> io.TextIOWrapper:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - it is open as long as the process


def _is_width(text: str) -> bool:
    return text.isdecimal() and int(text) > 0
