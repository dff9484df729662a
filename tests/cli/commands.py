"""The command in a process of its own, with a folder of its own for temporary files."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

LIMIT_S: Final = 180.0
"""No test waits longer for anything."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: exit code and what it said. ``left`` are the files and processes that stayed."""

    code: int
    out: str
    err: str
    left: tuple[str, ...]


class Command:
    """One that is under way."""

    def __init__(self, process: subprocess.Popen[str], temporary: Path) -> None:
        self.process = process
        self.temporary = temporary

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait until something can be seen that the command does."""
        until = time.monotonic() + LIMIT_S
        while not seen():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < until, "it was never seen"
            time.sleep(0.02)

    def tell(self, signal: int) -> None:
        """Send a signal to the process alone."""
        os.kill(self.process.pid, signal)

    def end(self) -> Ended:
        """How it ends."""
        out, err = self.process.communicate(timeout=LIMIT_S)
        return Ended(self.process.returncode, out, err, (*self._files(), *self._processes()))

    def _files(self) -> list[str]:
        return [path.name for path in self.temporary.iterdir()]

    def _processes(self) -> list[str]:
        """Those that are still there a moment later: a killed one takes a while to be gone."""
        _, alive = psutil.wait_procs(list(_marked(self.temporary)), timeout=30)
        return [process.name() for process in alive]


def _marked(temporary: Path) -> Iterator[psutil.Process]:
    """The processes that inherited the folder of a command."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("CHATKIT_DOCTOR_TEST") == str(temporary):
                yield process
        except psutil.Error:
            continue


@contextmanager
def running(
    *arguments: str,
    environment: dict[str, str] | None = None,
    stdout: int = subprocess.PIPE,
    module: str = "chatkit_doctor.cli.main",
    folder: Path | None = None,
) -> Iterator[Command]:
    """``chatkit-doctor``, or another ``module``, with these arguments, until the context ends."""
    # Short, because the paths of sockets have a limit.
    with tempfile.TemporaryDirectory(prefix="ckd-") as temporary:
        marked = {**os.environ, "TMPDIR": temporary, "CHATKIT_DOCTOR_TEST": temporary}
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            env={**marked, **(environment or {})},
            start_new_session=True,
        )
        try:
            yield Command(process, Path(temporary))
        finally:
            process.kill()
            process.communicate()
            for left in _marked(Path(temporary)):
                left.kill()
