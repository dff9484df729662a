"""What the system's package managers call the things a browser session needs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chatkit_doctor.browser.steps import Step, run

PACKAGES_LIMIT_S: Final = 600.0
UPDATE_LIMIT_S: Final = 180.0
SUDO_LIMIT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class PackageManager:
    """One package manager: how it is asked, and its names for a browser and for the driver's library.

    ``install`` is what a person would type, ``quietly`` what is added so that it asks nothing back. With a
    browser goes a font: without any, a page shows no text. No ``library`` means that every system of this
    kind has it.
    """

    tool: str
    install: tuple[str, ...]
    quietly: tuple[str, ...]
    browser: tuple[str, ...]
    library: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    needs_root: bool = True


MANAGERS: Final = (
    PackageManager(
        "apt-get",
        install=("install",),
        quietly=("-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=60"),
        browser=("chromium", "fonts-liberation"),
        library=("libatomic1",),
        update=("update", "-q", "-o", "Acquire::Retries=2"),
    ),
    PackageManager(
        "dnf",
        install=("install",),
        quietly=("-y",),
        browser=("chromium", "liberation-fonts"),
        library=("libatomic",),
    ),
    PackageManager(
        "apk",
        install=("add",),
        quietly=("--no-cache",),
        browser=("chromium", "font-liberation"),
        library=("libatomic",),
    ),
    PackageManager(
        "pacman",
        install=("-Sy",),
        quietly=("--noconfirm", "--needed"),
        browser=("chromium", "ttf-liberation"),
    ),
    PackageManager(
        "brew", install=("install", "--cask"), quietly=(), browser=("google-chrome",), needs_root=False
    ),
)


def manager() -> PackageManager | None:
    """The package manager of this system."""
    return next((found for found in MANAGERS if shutil.which(found.tool)), None)


def root_prefix() -> tuple[str, ...] | None:
    """What to put before a command that needs root; None when it is not ours to give."""
    quiet = ("env", "DEBIAN_FRONTEND=noninteractive")
    if sys.platform != "win32" and os.geteuid() == 0:
        return quiet
    may = shutil.which("sudo") and not run(Step("asking sudo", ("sudo", "-n", "true"), SUDO_LIMIT_S))
    return ("sudo", "-n", *quiet) if may else None


def steps(found: PackageManager, names: tuple[str, ...]) -> Iterator[Step]:
    """The steps that install these packages; none when the person may not."""
    prefix = root_prefix() if found.needs_root else ()
    if prefix is None:
        return
    if found.update:
        yield Step(f"{found.tool} update", (*prefix, found.tool, *found.update), UPDATE_LIMIT_S)
    command = (*prefix, found.tool, *found.install, *found.quietly, *names)
    yield Step(f"{found.tool} install {' '.join(names)}", command, PACKAGES_LIMIT_S)


def by_hand(found: PackageManager, names: tuple[str, ...]) -> str:
    """The command a person types for it."""
    sudo = ("sudo",) if found.needs_root else ()
    return " ".join((*sudo, found.tool, *found.install, *names))
