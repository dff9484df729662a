"""Installing and building the pages, each once: for one lock file, and for one state of its sources."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import platformdirs
from filelock import FileLock

APP: Final = "chatkit-doctor"
EXAMPLES: Final = Path(__file__).resolve().parent.parent
_LIMIT_S: Final = 180.0
"""How long installing or building may take."""
_NOT_SOURCES: Final = frozenset({"node_modules", "dist", ".next"})
_QUIET: Final = {"NEXT_TELEMETRY_DISABLED": "1", "CI": "1"}


class NotBuiltError(Exception):
    """The page cannot be installed or built here; the text says why."""


def node() -> str:
    """Node's executable. Raises NotBuiltError where there is none."""
    return _tool("node")


def built(app: str) -> Path:
    """A folder with a page that is ready to be served. Raises NotBuiltError.

    It is in the user's cache, under the lock file it was installed by, and is built again when a source has
    changed.
    """
    source = EXAMPLES / app
    lock_file = (source / "package-lock.json").read_bytes()
    folder = _cache() / f"{app}-{hashlib.sha256(lock_file).hexdigest()[:16]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock"), timeout=2 * _LIMIT_S):
            _install(source, folder)
            _build(source, folder)
    except OSError as error:  # Timeout of a lock is one, too
        raise NotBuiltError(f"{app} cannot be built in {folder}: {error}") from error
    return folder


def _install(source: Path, folder: Path) -> None:
    stamp = folder / ".installed"
    if stamp.exists():
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(source / name, folder / name)
    # What npm has in its own cache is not asked for again; a registry that cannot be reached ends it at once.
    options = ("--prefer-offline", "--no-audit", "--no-fund", "--fetch-retries=0", "--loglevel=error")
    _run(folder, _tool("npm"), "ci", *options)
    stamp.touch()


def _build(source: Path, folder: Path) -> None:
    sources = {path.relative_to(source): path.read_bytes() for path in _sources(source)}
    digest = hashlib.sha256()
    for name, content in sources.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    stamp = folder / ".built"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == digest.hexdigest():
        return
    stamp.unlink(missing_ok=True)
    for old in _sources(folder):
        old.unlink()
    for name, content in sources.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    _run(folder, _tool("npm"), "run", "--silent", "build")
    stamp.write_text(digest.hexdigest(), encoding="utf-8")


def _sources(folder: Path) -> Iterator[Path]:
    """The files of a page, without what is installed, built or noted."""
    for path in sorted(folder.rglob("*")):
        names = path.relative_to(folder).parts
        if path.is_file() and _NOT_SOURCES.isdisjoint(names) and not names[0].startswith("."):
            yield path


def _cache() -> Path:
    xdg = os.environ.get("XDG_CACHE_HOME")
    base = Path(xdg) / APP if xdg else platformdirs.user_cache_path(APP, appauthor=False)
    return base / "examples"


def _tool(name: str) -> str:
    """A tool of Node: that of PATH, or the one that the virtual environment brings along."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise NotBuiltError(f"there is no {name} here")
    return found


def _run(folder: Path, *command: str) -> None:
    # npm's scripts look for node on PATH.
    path = os.pathsep.join((str(Path(command[0]).parent), os.environ.get("PATH", "")))
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **_QUIET, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotBuiltError(f"{' '.join(command[:2])} took longer than {_LIMIT_S:g} s") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()[-12:]
        raise NotBuiltError(f"{' '.join(command[:2])} failed in {folder}:\n" + "\n".join(said))
