"""Getting a browser onto a machine that has none, with Playwright's own installer."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from chatkit_doctor.browser.find import OVERRIDE, FoundBrowser, find, require_driver
from chatkit_doctor.errors import BrowserError

DOWNLOAD_LIMIT_S: Final = 600.0
"""For a download of 280 MB, headless shell included. A host that is not reached is abandoned much sooner."""
CONNECTION_LIMIT_MS: Final = 5_000
"""Playwright tries a download five times; without this each try may take 30 s."""
MAX_REASON: Final = 200
"""Characters of an installer's last words."""


def install(say: Callable[[str], None] = print) -> FoundBrowser:
    """A browser that can be driven: the one that is there, else Playwright's Chromium, installed now.

    Raises BrowserError, with the next step to take, when Playwright's driver does not start, when nothing
    could be downloaded, and when what is there does not start.
    """
    require_driver()
    found = find()
    if found is None:
        say("Downloading Playwright's Chromium …")
        failure = run_limited(
            (sys.executable, "-m", "playwright", "install", "chromium"),
            DOWNLOAD_LIMIT_S,
            {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": str(CONNECTION_LIMIT_MS)},
        )
        found = find()
        if found is None:
            raise BrowserError(
                f"Playwright could not install its Chromium: {failure or 'it reported success'}",
                hint="Install Chrome, Chromium or Edge with your system's package manager, or set "
                f"{OVERRIDE} to a browser executable.",
            )
    if not found.version():
        raise BrowserError(
            f"{found.executable} is installed ({found.how}) but does not start",
            hint="System libraries may be missing. On Debian and Ubuntu, install them with: sudo "
            f"{sys.executable} -m playwright install-deps chromium",
        )
    return found


def run_limited(command: Sequence[str], limit_s: float, environ: Mapping[str, str]) -> str:
    """Run a program to its end or its limit; empty on success, else in a few words why it failed.

    It is ended with all it started: a download runs in a child of a child.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environ},
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        return error.strerror or str(error)
    with process:
        try:
            output, _ = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            _kill(process)
            return f"it took longer than {limit_s:g} s"
        except BaseException:
            _kill(process)
            raise
    return "" if process.returncode == 0 else _last_words(output) or f"exit code {process.returncode}"


def _kill(process: subprocess.Popen[str]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return next(reversed(errors or lines), "")[:MAX_REASON]
