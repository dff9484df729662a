"""Finding a Chromium-based browser that is already there. Starts none, so it takes milliseconds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chatkit_doctor.browser.machine import Machine
from chatkit_doctor.browser.playwright_files import chromium_executables, driver_problem
from chatkit_doctor.errors import BrowserError, UsageError

OVERRIDE: Final = "CHATKIT_DOCTOR_BROWSER"
"""Environment variable: the executable to use, whatever else is installed."""
CHANNELS: Final = ("playwright", "chrome", "chromium", "msedge")
"""The browsers looked for, in order of preference; Playwright's own is the one it is tested with."""
VERSION_LIMIT_S: Final = 10.0

_SHELL_ON_PATH: Final = ("chromium-headless-shell",)
"""A build of Chromium that has no windows at all: a session takes a fifth less processor time (measured)."""
_ON_PATH: Final = {
    "chrome": ("google-chrome-stable", "google-chrome", "chrome"),
    "chromium": ("chromium", "chromium-browser"),
    "msedge": ("microsoft-edge-stable", "microsoft-edge", "msedge"),
}
_USUAL_PLACES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "linux": {
        "chrome": ("opt/google/chrome/chrome",),
        # Distributions put a wrapper on PATH that knows their flags; the binary itself is not for starting.
        "chromium": (),
        "msedge": ("opt/microsoft/msedge/msedge",),
    },
    "darwin": {
        "chrome": ("Applications/Google Chrome.app/Contents/MacOS/Google Chrome",),
        "chromium": ("Applications/Chromium.app/Contents/MacOS/Chromium",),
        "msedge": ("Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",),
    },
    "win32": {
        "chrome": ("Google/Chrome/Application/chrome.exe",),
        "chromium": ("Chromium/Application/chrome.exe",),
        "msedge": ("Microsoft/Edge/Application/msedge.exe",),
    },
}


@dataclass(frozen=True, slots=True)
class FoundBrowser:
    """A browser on this machine: its channel, its executable, and in a few words how it was found."""

    name: str
    executable: Path
    how: str

    def version(self) -> str:
        """What the browser calls itself, such as ``Chromium 140.0.1``; empty if it does not start.

        Starts the executable (0.1 to 0.4 s), so ask only where the answer is shown or decides something.
        """
        return version_of(self.executable)


def find(
    channel: str | None = None, *, headed: bool = False, machine: Machine | None = None
) -> FoundBrowser | None:
    """The browser to use: the one of this channel, or the first of Playwright's, Chrome, Chromium, Edge.

    One that is not ``headed`` may be the headless shell that comes with a Chromium.

    Raises UsageError for an unknown channel, BrowserError when ``CHATKIT_DOCTOR_BROWSER`` names no
    executable.
    """
    machine = machine or Machine.this()
    override = machine.environ.get(OVERRIDE)
    if override and channel is None:
        if not _is_browser(Path(override)):
            raise BrowserError(f"{override} is no executable file", where=OVERRIDE)
        return FoundBrowser(Path(override).stem, Path(override), f"named by {OVERRIDE}")
    return next(find_all(channel, headed=headed, machine=machine), None)


def find_all(
    channel: str | None = None, *, headed: bool = False, machine: Machine | None = None
) -> Iterator[FoundBrowser]:
    """Every browser that is found, or every one of a channel, the preferred one first.

    Raises UsageError for an unknown channel.
    """
    machine = machine or Machine.this()
    if channel is not None and channel not in CHANNELS:
        raise UsageError(
            f"no such browser channel: {channel!r}",
            where="--browser-channel",
            hint=f"Known are: {', '.join(CHANNELS)}.",
        )
    for name in [channel] if channel else CHANNELS:
        yield from _of_channel(name, machine, headed=headed)


def find_each(*, machine: Machine | None = None) -> list[FoundBrowser]:
    """Every browser that is found, the preferred one first, and each once: it may have several names."""
    found: dict[Path, FoundBrowser] = {}
    for browser in find_all(machine=machine):
        found.setdefault(browser.executable.resolve(), browser)
    return list(found.values())


def require(channel: str | None = None, *, headed: bool = False) -> FoundBrowser:
    """Like :func:`find`, and raises BrowserError when there is none or Playwright cannot drive any."""
    found = find(channel, headed=headed)
    if found is None and headed and (shell := find(channel)):
        raise BrowserError(
            f"the only browser found, {shell.executable}, cannot open windows",
            where="--headed",
            hint="Install Chrome, Chromium or Edge, or omit --headed.",
        )
    if found is None:
        raise BrowserError(
            f"there is no {channel or 'Chromium-based browser'} on this machine",
            hint=f"`chatkit-doctor browser install` downloads one; or set {OVERRIDE} to its executable.",
        )
    require_driver()
    return found


def require_driver() -> None:
    """Raises BrowserError when Playwright's driver, which drives the browser, does not start itself."""
    if problem := driver_problem():
        raise BrowserError(
            f"Playwright's driver does not start: {problem}",
            hint="Install the library it names; libatomic is in the package libatomic1 (Debian, Ubuntu) or "
            "libatomic (Fedora, Alpine).",
        )


def version_of(executable: Path) -> str:
    """What an executable prints for ``--version``; empty if it does not start, or within 10 s."""
    try:
        done = subprocess.run(
            [str(executable), "--version"],
            capture_output=True,
            text=True,
            timeout=VERSION_LIMIT_S,
            check=False,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = re.search(r"^.*\d+(?:\.\d+)+", done.stdout)
    return match[0].strip() if done.returncode == 0 and match else ""


def _of_channel(name: str, machine: Machine, *, headed: bool) -> Iterator[FoundBrowser]:
    if name == "playwright":
        for executable in chromium_executables(machine, headed=headed):
            if _is_browser(executable):
                yield FoundBrowser(name, executable, "installed by Playwright")
        return
    for place in _usual_places(name, machine):
        if _is_browser(place):
            yield FoundBrowser(name, place, "found at its default location")
    shells = () if headed or name != "chromium" else _SHELL_ON_PATH
    for command in (*shells, *_ON_PATH[name]):
        found = shutil.which(command, path=machine.environ.get("PATH", ""))
        if found and _is_browser(Path(found)):
            yield FoundBrowser(name, Path(found), "found on PATH")


def _usual_places(name: str, machine: Machine) -> Iterator[Path]:
    places = _USUAL_PLACES.get(machine.system, {}).get(name, ())
    if machine.system == "win32":
        variables = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        roots = [Path(value) for variable in variables if (value := machine.environ.get(variable))]
    elif machine.system == "darwin":
        roots = [machine.root, machine.home]
    else:
        roots = [machine.root]
    for root in roots:
        for place in places:
            yield root / place


def _is_browser(path: Path) -> bool:
    if not (path.is_file() and os.access(path, os.X_OK)):
        return False
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError:
        return False
    # Ubuntu's chromium-browser is a script that only says which snap to install.
    return not (start.startswith(b"#!") and b"snap install" in start)
