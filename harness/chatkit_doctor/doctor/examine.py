"""Looking at a machine: what is here, and whether a check could be made. Sends nothing but one GET."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from chatkit_doctor.browser.machine import Machine
from chatkit_doctor.doctor.browsers import browsers_of
from chatkit_doctor.doctor.model import MachineModel, MissingModel
from chatkit_doctor.doctor.runtimes import runtimes_of
from chatkit_doctor.runtime import cdn
from chatkit_doctor.runtime.runtime import LOADER_URL
from chatkit_doctor.runtime.snapshot_index import snapshots_dir
from chatkit_doctor.version import __version__

PACKAGES: Final = ("playwright", "openai-chatkit")
"""Whose versions decide how a check goes."""
READY: Final = (
    "`chatkit-doctor check http://localhost:3000/chat`, or the URL of your page or ChatKit endpoint."
)


def examine(reports: Path, *, machine: Machine | None = None, cdn_url: str = LOADER_URL) -> MachineModel:
    """What is here. ``reports`` is where reports go, ``cdn_url`` where the live loader is looked for.

    Blocks until the CDN has answered (``cdn.LIMIT_S`` at most), and meanwhile starts each browser for its
    version (``find.VERSION_LIMIT_S`` at most).
    """
    with ThreadPoolExecutor(max_workers=1) as aside:
        answer = aside.submit(cdn.probe, cdn_url)
        browsers, missing = browsers_of(machine or Machine.this())
        runtimes, lacking = runtimes_of(answer.result())
    missing = [*missing, *lacking, *_unwritable(reports)]
    needed = [each for each in missing if each.needed]
    return MachineModel(
        tool=__version__,
        python=platform.python_version(),
        interpreter=sys.executable,
        packages={name: _version(name) for name in PACKAGES},
        browsers=browsers,
        runtimes=runtimes,
        reports=str(reports.absolute()),
        snapshots=str(snapshots_dir()),
        missing=missing,
        ready=not needed,
        next=needed[0].hint if needed else READY,
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _unwritable(reports: Path) -> Iterator[MissingModel]:
    place = reports.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
        yield MissingModel(
            what=f"a folder for reports: {place} is not writable",
            needed=True,
            hint="Change to a writable folder, or pass one with `chatkit-doctor check --output DIR`.",
        )
