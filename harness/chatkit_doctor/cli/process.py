"""What a verb does with the process it has to itself: signals, temporary files, and an end in time.

SIGINT, SIGTERM and SIGHUP all stop what is under way, and what there is is reported. Whatever holds the
process up beyond a limit, be it a thread, a browser or a driver, is ended with it.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from chatkit_doctor.errors import Interrupted

if TYPE_CHECKING:
    import psutil

T = TypeVar("T")

STOP_LIMIT_S: Final = 20.0
"""How long judging, writing and closing may take once someone has stopped a run."""
IMPATIENT: Final = 3
"""The signal that is no longer awaited."""
UNABLE: Final = 2
KILLED_BY: Final = 128
"""Added to a signal's number in the exit code of a process that it has stopped."""
BEGUN: Final = time.monotonic()
"""About when the process began."""

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Not every system has all of them."""


def _leave_things() -> None:
    """There is nothing to stop any more."""


def _nothing_to_report() -> NoReturn:
    raise Interrupted("stopped before there was anything to report")


class Signals:
    """Whoever asks the process to end."""

    def __init__(self) -> None:
        self.status: int | None = None
        """What a stopped process ends with, as shells put it: 130 after Ctrl-C. None if nobody stopped it, or
        when all was done."""
        self._count = 0
        self._terminals: tuple[int, ...] = ()
        self.stop: Callable[[], None] = _nothing_to_report
        """What the first signal does."""
        self.abandon: Callable[[], None] = _leave_things
        """What is done when someone does not want to wait."""

    def install(self) -> None:
        """Take over from what the process would do by itself. What it was told to ignore stays ignored."""
        self._terminals = tuple(stream for stream in (0, 1, 2) if _is_terminal(stream))
        for name in _NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number == getattr(signal, "SIGHUP", None):
            self._write_no_more()
        self._count += 1
        if self._count == 1:
            if self.stop is not _leave_things:
                self.status = KILLED_BY + number
            self.stop()
        elif self._count >= IMPATIENT:
            self.abandon()

    def _write_no_more(self) -> None:
        """The terminal is gone: what is written to it would fail, and the report is for the disk."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in self._terminals:
            os.dup2(nowhere, stream)
        os.close(nowhere)


def _is_terminal(stream: int) -> bool:
    try:
        return os.isatty(stream)
    except OSError:
        return False  # It was closed before the process began.


SIGNALS: Final = Signals()
"""Those of this process."""


def carried_out(start: Callable[..., Coroutine[Any, Any, T]], *, limit_s: float | None = None) -> T:
    """What a function of the API gives, which is told by ``stop=`` that someone wants an end.

    Temporary files, those of every process that is started too, are in one folder that is gone afterwards.
    With a limit the process is gone so many seconds after it began, whatever there still is to do.
    """
    from chatkit_doctor.temporary import owned_folder, remove_orphans

    remove_orphans()
    with owned_folder("run") as folder, _temporary_files_in(folder):
        deadline = Deadline(folder)
        if limit_s is not None:
            deadline.at(
                BEGUN + limit_s, f"the time limit of {limit_s:g} s was reached; not everything was written"
            )
        SIGNALS.abandon = lambda: deadline.at(0, "stopped immediately; not everything was written")
        # An event loop that is only half made must not be left by an exception.
        early: list[bool] = []
        SIGNALS.stop = lambda: early.append(True)
        try:
            return asyncio.run(_stoppable(start, deadline, early))
        finally:
            SIGNALS.stop = _leave_things


async def _stoppable(
    start: Callable[..., Coroutine[Any, Any, T]], deadline: Deadline, early: list[bool]
) -> T:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def on_signal() -> None:
        loop.call_soon_threadsafe(stop.set)
        deadline.at(time.monotonic() + STOP_LIMIT_S, f"stopped, but did not finish within {STOP_LIMIT_S:g} s")

    SIGNALS.stop = on_signal
    if early:
        _nothing_to_report()
    return await start(stop=stop)


class Deadline:
    """Ends the process, and all that it has started, at a moment that can only come nearer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._moment = float("inf")
        self._why = ""
        self._changed = threading.Event()
        self._thread: threading.Thread | None = None

    def at(self, moment: float, why: str) -> None:
        """The latest moment (``time.monotonic``), and the sentence that is said then.

        May be called by a signal handler, and therefore takes no lock.
        """
        if moment >= self._moment:
            return
        self._moment, self._why = moment, why
        if self._thread is None:
            self._thread = threading.Thread(target=self._wait, name="deadline", daemon=True)
            self._thread.start()
        self._changed.set()

    def _wait(self) -> None:
        while (left := self._moment - time.monotonic()) > 0:
            self._changed.wait(left)
            self._changed.clear()
        _say(self._why)
        _end_children(self._folder)
        shutil.rmtree(self._folder, ignore_errors=True)
        os._exit(SIGNALS.status or UNABLE)


def _end_children(folder: Path) -> None:
    """Kill every process that was started here: children, and what has lost its parent since."""
    import psutil

    ours = psutil.Process().children(recursive=True)
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get("TMPDIR") == str(folder):
                ours.append(process)
    for process in ours:
        with suppress(psutil.Error):
            process.kill()
    # What is still writing could write into what is being removed. Whoever waits for its children's ends is
    # not to be anticipated: they are only looked at.
    until = time.monotonic() + 1
    while any(_is_alive(process) for process in ours) and time.monotonic() < until:
        time.sleep(0.01)


def _is_alive(process: psutil.Process) -> bool:
    import psutil

    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Make every temporary file of this process, and of those it starts, one in this folder."""
    before = os.environ.get("TMPDIR"), tempfile.tempdir
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before[1]
        if before[0] is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before[0]


def leave(status: int) -> NoReturn:
    """End the process. Threads that do not end by themselves are not waited for."""
    try:
        # A process may be started without one.
        if sys.__stdout__ is not None:
            sys.stdout.flush()
    except OSError as error:
        # Python would try again, and end with a code of its own.
        if error.errno != errno.EPIPE:
            _say(f"cannot write to standard output: {error.strerror}")
        os._exit(UNABLE)
    if any(not each.daemon for each in threading.enumerate() if each is not threading.main_thread()):
        os._exit(status)
    sys.exit(status)


def _say(sentence: str) -> None:
    with suppress(OSError):
        os.write(2, f"Error: {sentence}\n".encode())
