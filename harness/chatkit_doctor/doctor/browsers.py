"""The browsers of a machine, and what a check would lack to use one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from chatkit_doctor.browser.find import OVERRIDE, FoundBrowser, find, find_each, require_driver
from chatkit_doctor.browser.machine import Machine
from chatkit_doctor.browser.playwright_files import other_engines
from chatkit_doctor.doctor.model import BrowserModel, MissingModel
from chatkit_doctor.errors import BrowserError

INSTALL: Final = "`chatkit-doctor browser install`"
_NAMED: Final = f"Set {OVERRIDE} to a browser executable, or unset it."


def browsers_of(machine: Machine) -> tuple[list[BrowserModel], list[MissingModel]]:
    """Every browser that can be used, the preferred one first, and what is missing.

    Starts each Chromium for its version (``find.VERSION_LIMIT_S`` at most).
    """
    missing: list[MissingModel] = []
    chosen: FoundBrowser | None = None
    try:
        chosen = find(machine=machine)
        if chosen is None:
            hint = f"Run {INSTALL} to download one."
            missing.append(MissingModel(what="a Chromium-based browser", needed=True, hint=hint))
    except BrowserError as error:
        missing.append(MissingModel(what=error.headline, needed=True, hint=error.advice or _NAMED))
    try:
        require_driver()
    except BrowserError as error:
        missing.append(MissingModel(what=error.headline, needed=True, hint=error.advice))
    browsers = [*_chromiums(machine, chosen), *_others(machine)]
    missing += [
        MissingModel(
            what=f"{each.path} does not start", needed=True, hint=f"Run {INSTALL} to see what is missing."
        )
        for each in browsers
        if each.chosen and not each.version
    ]
    return browsers, missing


def _chromiums(machine: Machine, chosen: FoundBrowser | None) -> Iterator[BrowserModel]:
    found = find_each(machine=machine)
    best = None if chosen is None else chosen.executable.resolve()
    if chosen is not None and all(each.executable.resolve() != best for each in found):
        found.insert(0, chosen)
    for each in found:
        yield BrowserModel(
            kind="chromium",
            channel=each.name,
            version=each.version(),
            path=str(each.executable),
            how=each.how,
            chosen=each.executable.resolve() == best,
        )


def _others(machine: Machine) -> Iterator[BrowserModel]:
    for each in other_engines(machine):
        yield BrowserModel(
            kind=each.kind,
            channel="playwright",
            version=each.version,
            path=str(each.folder),
            how="installed by Playwright",
        )
