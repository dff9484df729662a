"""Getting a browser onto a machine that has none: Playwright's, else the system's package manager's.

``python -m chatkit_doctor.browser.install`` does nothing, quickly, when there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Final

from chatkit_doctor.browser import packages
from chatkit_doctor.browser.find import FoundBrowser, find
from chatkit_doctor.browser.playwright_files import driver_problem
from chatkit_doctor.browser.steps import Step, run
from chatkit_doctor.errors import BrowserError, DoctorError

DOWNLOAD_LIMIT_S: Final = 600.0
"""For a whole download (170 MB); a host that cannot be reached is given up after a few connection limits."""
CONNECTION_LIMIT_MS: Final = 5_000
"""Playwright tries a download five times; without this each try may take 30 s."""

Say = Callable[[str], None]


def install(say: Say = print) -> FoundBrowser:
    """A browser that can be driven: the one that is there, else one that is installed now.

    Every step is said in one line and has a time limit. Raises BrowserError, with what was tried, when
    nothing worked.
    """
    found = find()
    if not driver_problem():
        if found is not None:
            return found
    else:
        _install_driver_library(say)
    return found or _install_browser(say)


def _install_driver_library(say: Say) -> None:
    """Make Playwright's driver start. Raises BrowserError when it still does not."""
    problem = driver_problem()
    manager = packages.manager()
    tried: list[str] = []
    if manager and manager.library:
        for step in packages.steps(manager, manager.library):
            _try(step, "Installing a library for Playwright", say, tried)
        if not driver_problem():
            return
    hint = f"Install it: {packages.by_hand(manager, manager.library)}" if manager and manager.library else ""
    raise BrowserError("; ".join([f"Playwright's driver does not start: {problem}", *tried]), hint=hint)


def _install_browser(say: Say) -> FoundBrowser:
    tried: list[str] = []
    for step in _browser_steps(tried):
        if not _try(step, "Installing a browser", say, tried):
            continue
        found = find()
        if found is None:
            continue
        if version := found.version():
            say(f"Installed {version}.")
            return found
        tried.append(f"{step.what}: {found.executable} is there and does not start")
    raise BrowserError(
        "no browser could be installed: " + "; ".join(tried),
        hint="Install Chrome, Chromium or Edge yourself, and run this again.",
    )


def _browser_steps(tried: list[str]) -> Iterator[Step]:
    """The steps in order; each is only made when those before it brought no browser that starts."""
    yield Step(
        "downloading Playwright's Chromium",
        (sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"),
        DOWNLOAD_LIMIT_S,
        {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": str(CONNECTION_LIMIT_MS)},
    )
    prefix = packages.root_prefix()
    if find() is not None and prefix is not None and sys.platform == "linux":
        yield Step(
            "adding the system libraries it needs",
            (*prefix, sys.executable, "-m", "playwright", "install-deps", "chromium"),
            packages.PACKAGES_LIMIT_S,
        )
    manager = packages.manager()
    if manager is None:
        tried.append("no package manager that is known here")
    elif manager.needs_root and prefix is None:
        tried.append(f"{manager.tool}: not allowed (neither root nor sudo without a password)")
    else:
        yield from packages.steps(manager, manager.browser)


def _try(step: Step, purpose: str, say: Say, tried: list[str]) -> bool:
    say(f"{purpose}: {step.what} …")
    failure = run(step)
    if failure:
        say(f"  did not work: {failure}")
        tried.append(f"{step.what}: {failure}")
    return not failure


def main() -> int:
    """Make sure that there is a browser; exit code 2 when there is none and none could be installed."""
    try:
        found = install()
    except DoctorError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"Browser: {found.executable} ({found.how})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
