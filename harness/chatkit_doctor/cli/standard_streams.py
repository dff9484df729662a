"""What the command makes of the streams and the screen it is started with, however poor they are.

A process may be started without any of its three streams, with an encoding that lacks most letters, and with
a screen of no width. None of that may cost the answer.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Final, TextIO

from chatkit_doctor.cli.harmless_lines import HarmlessLines

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
    if in_actions():
        make_harmless()
    if not _is_width(os.environ.get(_WIDTH, "")):
        # Rich would print nothing at all on a screen without columns.
        os.environ.pop(_WIDTH, None)


def in_actions() -> bool:
    """Whether this is a step of a job in GitHub Actions, which reads commands out of what is written."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def make_harmless() -> None:
    """Let nothing that is written to stdout and stderr be a command to GitHub's runner."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, HarmlessLines):
            setattr(sys, name, HarmlessLines(stream))


def commands(stream: TextIO) -> TextIO:
    """The stream for what is meant as a command to the runner."""
    return stream.commands if isinstance(stream, HarmlessLines) else stream


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
