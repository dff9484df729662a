"""The processes of a browser that was started here, and an end for those that do not end by themselves."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

_DRIVER: Final = "run-driver"
"""How Playwright's driver is called."""
GONE_LIMIT_S: Final = 1.0
"""How long a killed process may take to be gone."""


@dataclass(frozen=True, slots=True)
class BrowserProcesses:
    """A browser with everything it has started, and the driver that started it."""

    browser: tuple[psutil.Process, ...] = ()
    driver: tuple[psutil.Process, ...] = ()


def processes_of(profile: Path) -> BrowserProcesses:
    """What runs for a profile.

    To be asked before the browser is closed: a process that is stopped outlives its parent, and nothing says
    then whose it was.
    """
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if f"--user-data-dir={profile}" in process.cmdline():
                parent = process.parent()
                is_driver = parent is not None and _DRIVER in parent.cmdline()
                return BrowserProcesses(
                    (process, *process.children(recursive=True)), (parent,) if parent and is_driver else ()
                )
    return BrowserProcesses()


def end(processes: Iterable[psutil.Process]) -> None:
    """Kill those that are still there, and see them gone: whoever started one has to hear of its end in time.

    The number of one that has ended is never taken for another's.
    """
    ended = tuple(processes)
    for process in ended:
        with suppress(psutil.Error):
            process.kill()
    until = time.monotonic() + GONE_LIMIT_S
    while any(_is_there(process) for process in ended) and time.monotonic() < until:
        time.sleep(0.01)


def _is_there(process: psutil.Process) -> bool:
    """Whether its end is still to come, or to be taken notice of by us. Nobody's notice is anticipated."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE or process.ppid() == os.getpid()
    except psutil.Error:
        return False
