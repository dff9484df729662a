"""What Playwright has put on this machine, read from its files: importing it costs more than all of this."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chatkit_doctor.browser.machine import Machine

START_LIMIT_S: Final = 10.0
OTHER_ENGINES: Final = ("firefox", "webkit")
"""Browsers beside Chromium that can be asked for (``--browser``)."""

_COMPLETE: Final = "INSTALLATION_COMPLETE"
"""The file with which Playwright marks a download that ended."""

_EXECUTABLES: Final = (
    # Newest layout first; the second is that of Playwright before 1.57.
    "chrome-linux64/chrome",
    "chrome-linux/chrome",
    "chrome-mac-*/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
    "chrome-mac/Chromium.app/Contents/MacOS/Chromium",
    "chrome-win64/chrome.exe",
    "chrome-win/chrome.exe",
)
_SHELLS: Final = (
    "chrome-headless-shell-*/chrome-headless-shell",
    "chrome-headless-shell-*/chrome-headless-shell.exe",
    "chrome-*/headless_shell",
    "chrome-*/headless_shell.exe",
)
_BUILDS: Final = (("chromium_headless_shell", _SHELLS), ("chromium", _EXECUTABLES))


def chromium_executables(machine: Machine, *, headed: bool) -> Iterator[Path]:
    """Where Playwright's Chromium may lie: first the revision made for this Playwright, then the newest.

    Of one revision its headless shell comes first, unless a window is requested: it is what Playwright
    itself starts.
    """
    registry = _registry(machine)
    if registry is None or not registry.is_dir():
        return
    builds = [("chromium", _EXECUTABLES)] if headed else [*_BUILDS]
    found = [
        (folder, rank, patterns)
        for rank, (name, patterns) in enumerate(builds)
        for folder in registry.glob(f"{name}-*")
        if (folder / _COMPLETE).exists()
    ]
    ours = int(_revision() or 0)
    found.sort(key=lambda one: (_number(one[0]) != ours, -_number(one[0]), one[1]))
    for folder, _, patterns in found:
        for pattern in patterns:
            yield from sorted(folder.glob(pattern))


@dataclass(frozen=True, slots=True)
class OtherEngine:
    """A Firefox or WebKit of Playwright's: ``kind`` as ``--browser`` takes it, its version, its folder."""

    kind: str
    version: str
    folder: Path


def other_engines(machine: Machine) -> Iterator[OtherEngine]:
    """Playwright's Firefox and WebKit, of the builds that this Playwright starts."""
    registry = _registry(machine)
    if registry is None:
        return
    for build in _builds():
        if build.name in OTHER_ENGINES:
            folders = (registry / f"{build.name}-{revision}" for revision in build.revisions)
            complete = (folder for folder in folders if (folder / _COMPLETE).exists())
            yield from (OtherEngine(build.name, build.version, folder) for folder in complete)


def driver_problem() -> str:
    """Why Playwright's driver does not start; empty if it does.

    The driver is a Node.js of Playwright's own. Since Node 26 it needs a library (libatomic) that minimal
    systems lack, and all that Playwright says of it is that a connection was closed (measured with 1.65 on
    Debian 12). Takes about 10 ms.
    """
    node = _node()
    if node is None:
        return "Playwright is not installed"
    try:
        done = subprocess.run(
            [str(node), "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=START_LIMIT_S,
            check=False,
        )
    except OSError as error:
        return f"{node.name}: {error.strerror or error}"
    except subprocess.TimeoutExpired:
        return f"{node.name} did not start within {START_LIMIT_S:g} s"
    if done.returncode == 0:
        return ""
    last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
    # The loader's message begins with the whole path of the program.
    return last.rpartition("error while ")[2].strip() or f"exit code {done.returncode}"


def _registry(machine: Machine) -> Path | None:
    """Where Playwright keeps its browsers (playwright.dev/python/docs/browsers)."""
    chosen = machine.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen == "0":
        driver = _driver()
        return driver / "package" / ".local-browsers" if driver else None
    if chosen:
        return Path(chosen)
    if machine.system == "darwin":
        return machine.home / "Library" / "Caches" / "ms-playwright"
    if machine.system == "win32":
        local = machine.environ.get("LOCALAPPDATA")
        return Path(local) / "ms-playwright" if local else None
    cache = machine.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else machine.home / ".cache") / "ms-playwright"


def _driver() -> Path | None:
    spec = importlib.util.find_spec("playwright")
    return Path(spec.origin).parent / "driver" if spec and spec.origin else None


def _node() -> Path | None:
    chosen = os.environ.get("PLAYWRIGHT_NODEJS_PATH")
    if chosen:
        return Path(chosen)
    driver = _driver()
    return driver / ("node.exe" if sys.platform == "win32" else "node") if driver else None


@dataclass(frozen=True, slots=True)
class _Build:
    """A browser that this Playwright was made for."""

    name: str
    revisions: tuple[str, ...]
    """The usual one first; those of older systems may differ."""
    version: str


def _builds() -> list[_Build]:
    """All of them; none if that cannot be told."""
    driver = _driver()
    if driver is None:
        return []
    try:
        known = json.loads((driver / "package" / "browsers.json").read_text(encoding="utf-8"))["browsers"]
        return [
            _Build(
                str(each["name"]),
                (str(each["revision"]), *dict.fromkeys(map(str, each.get("revisionOverrides", {}).values()))),
                str(each.get("browserVersion", "")),
            )
            for each in known
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []


def _revision() -> str:
    """The Chromium revision this Playwright was made for; empty if it cannot be told."""
    return next((build.revisions[0] for build in _builds() if build.name == "chromium"), "")


def _number(folder: Path) -> int:
    digits = folder.name.rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0
