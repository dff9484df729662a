"""The folder of a report: where it lies, what is in it, and the link to the latest one."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from chatkit_doctor.errors import UsageError
from chatkit_doctor.report.subscriber import RunReported, Told
from chatkit_doctor.scenario.names import MAX_PART

LATEST: Final = "latest"
REPORT: Final = "report.json"
HTML: Final = "index.html"
JUNIT: Final = "junit.xml"
MARKDOWN: Final = "report.md"
_WRITTEN: Final = {"report": REPORT, "html": HTML, "junit": JUNIT, "markdown": MARKDOWN}
_GATHERED: Final = {
    "recording": "recording.ndjson",
    "trace": "trace.zip",
    "screenshots": "screenshots",
    "film": "film",
}


def new_folder(output: Path, name: str) -> Path:
    """A new folder ``<output>/<time>-<name>``, which no other run uses, not even one of another process.

    Raises UsageError when it cannot be made.
    """
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    base = f"{stamp}-{re.sub(r'[^A-Za-z0-9._-]+', '-', name)[:MAX_PART].strip('-.') or 'run'}"
    try:
        output.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            path = output / (base if number == 1 else f"{base}-{number}")
            with suppress(FileExistsError):
                path.mkdir()
                return path
    except OSError as error:
        raise UsageError(
            f"cannot write a report here: {error.strerror or error}", where=str(output)
        ) from error
    raise UsageError("too many reports have the same timestamp", where=str(output))


@contextmanager
def folder_for(output: Path, name: str) -> Iterator[Path]:
    """A new folder as :func:`new_folder` makes it, which is removed again if nothing came of it."""
    is_new = not output.exists()
    folder = new_folder(output, name)
    try:
        yield folder
    finally:
        # Only what is empty can be removed so.
        with suppress(OSError):
            folder.rmdir()
            if is_new:
                output.rmdir()


def artifacts_in(directory: Path, place: str = "") -> dict[str, str]:
    """What is in a session's folder, or will be once its report is written, by kind; paths relative to it.

    ``place`` is where the folder is below that of its run.
    """
    gathered = {kind: file for kind, file in _GATHERED.items() if (directory / file).exists()}
    return _WRITTEN | gathered | ({"folder": place} if place else {})


class Latest:
    """Points ``latest`` beside a run's folder to it, once the run has finished and its report is written."""

    def on_event(self, event: Told) -> None:
        """Link a finished run; one that was interrupted leaves the link as it is."""
        if isinstance(event, RunReported) and not event.interrupted:
            link_latest(event.directory)

    def close(self) -> None:
        """Nothing is left open."""


def link_latest(folder: Path) -> None:
    """Point ``latest`` beside a folder to it, in one step. Where links are not allowed, it is copied.

    A folder that is itself called so, as one that a merge was told to write, is the latest already.
    """
    folder = folder.resolve()
    if folder.name == LATEST:
        return
    link = folder.parent / LATEST
    fresh = folder.parent / f".{LATEST}-{uuid.uuid4().hex}"
    try:
        fresh.symlink_to(folder.name, target_is_directory=True)
    except OSError:
        with suppress(OSError):
            shutil.copytree(folder, fresh)
    with suppress(OSError):
        if link.is_dir() and not link.is_symlink():
            # A copy: a folder cannot be replaced in one step.
            shutil.rmtree(link)
        fresh.replace(link)
