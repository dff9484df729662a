"""The snapshots in the user's cache: where they are, what is known of each, and adding one atomically.

<cache>/chatkit-doctor/runtimes/<frame build>-<loader hash>-<content hash>/
  manifest.json     what it is, every file with its size and hash, every missing file
  files/            the files at their URL paths on the CDN's host
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatkit_doctor.paths import NO_HOME
from chatkit_doctor.runtime.references import is_safe_path
from chatkit_doctor.runtime.runtime import RuntimeFile

APP: Final = "chatkit-doctor"
MANIFEST: Final = "manifest.json"
FILES: Final = "files"
SCHEMA: Final = 1
"""Version of the manifest; one of a newer program is left alone."""
_UNFINISHED: Final = ".import-"
"""The name prefix of folders that an import is still writing to."""
_ABANDONED_S: Final = 24 * 3600
_WAIT_S: Final = 30.0
"""How long an import waits for another one that is about to finish."""
_LOOKS: Final = 20
"""How often a list of folders is made while imports change it."""


class ManifestFile(BaseModel):
    """One file of a snapshot: bytes, and sha256 in hex."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: int
    sha256: str


class Manifest(BaseModel):
    """What is known of a snapshot. Keys of ``files`` and ``missing`` are URL paths on the CDN's host."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_: int = Field(default=SCHEMA, alias="schema")
    loader_sha256: str
    frame_build: str
    imported_at: str
    """ISO 8601, UTC."""
    files: dict[str, ManifestFile]
    missing: dict[str, list[str]]
    """Files that are referred to and were not there, with the exports their importers use."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One imported copy of the component. ``size`` is in bytes, ``imported_at`` ISO 8601 in UTC."""

    id: str
    folder: Path
    loader_sha256: str
    frame_build: str
    imported_at: str
    size: int
    files: Mapping[str, RuntimeFile]
    missing: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SnapshotIndex:
    """The snapshots of the cache, the newest import first, and a sentence for each that cannot be used."""

    snapshots: tuple[Snapshot, ...]
    unusable: tuple[str, ...]


def snapshots_dir() -> Path:
    """Where snapshots are kept. ``XDG_CACHE_HOME`` decides on every system, else the system's own custom."""
    xdg = os.environ.get("XDG_CACHE_HOME")
    try:
        base = Path(xdg) / APP if xdg else platformdirs.user_cache_path(APP, appauthor=False)
    except RuntimeError:
        base = NO_HOME / APP
    return base / "runtimes"


def snapshot_index() -> SnapshotIndex:
    """What is in the cache. A snapshot that was damaged or half removed is named, never used."""
    root = snapshots_dir()
    read: list[tuple[Path, Snapshot | str]] = []
    for _ in range(_LOOKS):
        try:
            # A name with a leading dot is an unfinished import.
            folders = [path for path in root.iterdir() if not path.name.startswith(".")]
        except FileNotFoundError:
            folders = []
        except OSError as error:
            return SnapshotIndex((), (f"the cache {root} cannot be read: {error.strerror or error}",))
        seen = [(folder, _identity(folder)) for folder in sorted(folders)]
        read = [(folder, _read(folder)) for folder, _ in seen]
        # One that made way for another import meanwhile was not damaged.
        if all(
            isinstance(snapshot, Snapshot) or (identity is not None and identity == _identity(folder))
            for (folder, identity), (_, snapshot) in zip(seen, read, strict=True)
        ):
            break
    found = [snapshot for _, snapshot in read if isinstance(snapshot, Snapshot)]
    found.sort(key=lambda s: (s.imported_at, s.id), reverse=True)
    unusable = (
        f"the snapshot {folder.name} cannot be used: {why}" for folder, why in read if isinstance(why, str)
    )
    return SnapshotIndex(tuple(found), tuple(unusable))


def add(manifest: Manifest, contents: Iterable[tuple[str, bytes]]) -> Snapshot:
    """Put a component into the cache: all of it, or nothing.

    ``contents`` are the files of the manifest by URL path. Another snapshot of the same loader and frame
    build gives way, unless it was imported later: of two imports at once the last one stays, and is returned.
    Raises OSError when the cache cannot be written.
    """
    root = snapshots_dir()
    root.mkdir(parents=True, exist_ok=True)
    _clear_away(root)
    with tempfile.TemporaryDirectory(dir=root, prefix=_UNFINISHED, ignore_cleanup_errors=True) as name:
        aside = Path(name)
        fresh = aside / "new"
        for path, data in contents:
            target = fresh / FILES / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        (fresh / MANIFEST).write_text(manifest.model_dump_json(by_alias=True, indent=1), encoding="utf-8")
        snapshot = _snapshot(root / _id(manifest), manifest)
        with _alone(root):
            _place(fresh, snapshot.folder, aside)
            # The newest import is the first of them.
            newest, *older = (each for each in snapshot_index().snapshots if _is_same(each, snapshot))
            for number, other in enumerate(older):
                # Gone in one step; what is left of it goes with the temporary folder.
                other.folder.rename(aside / f"old-{number}")
    return newest


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """While no other import puts anything into its place or takes anything away. Raises OSError."""
    from filelock import FileLock

    # Beside the folder: nothing but snapshots is in it.
    with FileLock(root.with_name(f"{root.name}.lock"), timeout=_WAIT_S):
        yield


def _place(fresh: Path, final: Path, aside: Path) -> None:
    """Move a finished folder to its place; where one with the same content is, that gets the new manifest."""
    if isinstance(_read(final), Snapshot):
        (fresh / MANIFEST).replace(final / MANIFEST)
        return
    with suppress(FileNotFoundError):
        final.rename(aside / "damaged")
    fresh.rename(final)


def _id(manifest: Manifest) -> str:
    """The name of a snapshot's folder: the same for the same content, and never for another."""
    parts = [
        *((path, file.sha256) for path, file in sorted(manifest.files.items())),
        *sorted(manifest.missing),
    ]
    content = hashlib.sha256(repr(parts).encode()).hexdigest()
    return f"{manifest.frame_build}-{manifest.loader_sha256[:12]}-{content[:8]}"


def _is_same(one: Snapshot, other: Snapshot) -> bool:
    """Whether both are copies of one build; their files may differ."""
    return (one.loader_sha256, one.frame_build) == (other.loader_sha256, other.frame_build)


def _clear_away(root: Path) -> None:
    """Remove what imports left that were killed."""
    for folder in root.glob(f"{_UNFINISHED}*"):
        with suppress(OSError):
            if time.time() - folder.lstat().st_mtime > _ABANDONED_S:
                shutil.rmtree(folder)


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one of its name; None where there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_ino, found.st_ctime_ns


def _read(folder: Path) -> Snapshot | str:
    """The snapshot in a folder, or why there is none."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        return f"its manifest cannot be read ({error.strerror or error})"
    except ValidationError as error:
        return f"its manifest is not valid ({error.error_count()} errors)"
    if manifest.schema_ > SCHEMA:
        return f"it was imported by a newer program (manifest {manifest.schema_})"
    snapshot = _snapshot(folder, manifest)
    for path, file in snapshot.files.items():
        try:
            whole = is_safe_path(path) and file.path.stat().st_size == file.size
        except OSError:
            whole = False
        if not whole:
            return f"{path} is missing or was changed"
    return snapshot


def _snapshot(folder: Path, manifest: Manifest) -> Snapshot:
    files = {
        path: RuntimeFile(folder / FILES / path.lstrip("/"), kept.size)
        for path, kept in manifest.files.items()
    }
    return Snapshot(
        id=folder.name,
        folder=folder,
        loader_sha256=manifest.loader_sha256,
        frame_build=manifest.frame_build,
        imported_at=manifest.imported_at,
        size=sum(file.size for file in files.values()),
        files=files,
        missing={path: tuple(exports) for path, exports in manifest.missing.items()},
    )
