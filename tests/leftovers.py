"""What a run of tests must not leave behind: processes, threads, temporary files."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_MARK: Final = "CHATKIT_DOCTOR_TESTS"
"""An environment variable that every process inherits, those too whose parent is gone."""
_LIMIT_S: Final = 60.0
"""What was told to end may take so long for it."""
_PROCESSES: Final = Path("/proc")


@contextmanager
def nothing_left() -> Iterator[None]:
    """Raises AssertionError if there is more at the end than at the beginning.

    Processes are looked for where there is a ``/proc``. Temporary files go into a folder of their own,
    which is removed: tests that kill browsers leave some of theirs.
    """
    mark = f"{_MARK}={uuid.uuid4().hex}"
    os.environ[_MARK] = mark.partition("=")[2]
    threads = set(threading.enumerate())
    usual = tempfile.gettempdir()
    # Short, because the paths of sockets have a limit.
    folder = Path(tempfile.mkdtemp(prefix="ckd-"))
    _use(str(folder))
    try:
        yield
    finally:
        _use(usual)
    gc.collect()  # What nobody has closed says so, and its warning is an error.
    try:
        _gone_in_time(lambda: {thread.name for thread in threading.enumerate() if thread not in threads})
        _gone_in_time(lambda: _processes(mark.encode()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _use(folder: str) -> None:
    """Where temporary files go from here on, those of child processes too."""
    os.environ["TMPDIR"] = tempfile.tempdir = folder


def _gone_in_time(look: Callable[[], set[str]]) -> None:
    until = time.monotonic() + _LIMIT_S
    while (left := look()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not left, f"left behind by the tests: {', '.join(sorted(left))}"


def _processes(mark: bytes) -> set[str]:
    found: set[str] = set()
    for folder in _PROCESSES.glob("[0-9]*"):
        try:
            if int(folder.name) != os.getpid() and mark in (folder / "environ").read_bytes().split(b"\0"):
                found.add((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue  # It has ended meanwhile, or belongs to someone else.
    return found
