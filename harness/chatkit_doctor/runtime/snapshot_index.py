"""The snapshots in the user's cache: where they lie, what is known of each, and adding one atomically.

<cache>/chatkit-doctor/runtimes/<frame build>-<loader hash>/
  manifest.json     what it is, every file with its size and hash, every missing file
  files/            the files at their URL paths on the CDN's host
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chatkit_doctor.runtime.references import is_safe_path
from chatkit_doctor.runtime.runtime import RuntimeFile

APP: Final = "chatkit-doctor"
MANIFEST: Final = "manifest.json"
FILES: Final = "files"
SCHEMA: Final = 1
"""Version of the manifest; one of a newer program is left alone."""


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
    base = Path(xdg) / APP if xdg else platformdirs.user_cache_path(APP, appauthor=False)
    return base / "runtimes"


def snapshot_index() -> SnapshotIndex:
    """What is in the cache. A snapshot that was damaged or half removed is named, never used."""
    root = snapshots_dir()
    found: list[Snapshot] = []
    unusable: list[str] = []
    # A name with a leading dot is an import that has not come to its end.
    for folder in sorted(p for p in root.iterdir() if not p.name.startswith(".")) if root.is_dir() else ():
        snapshot = _read(folder)
        if isinstance(snapshot, Snapshot):
            found.append(snapshot)
        else:
            unusable.append(f"the snapshot {folder.name} cannot be used: {snapshot}")
    found.sort(key=lambda s: (s.imported_at, s.id), reverse=True)
    return SnapshotIndex(tuple(found), tuple(unusable))


def add(manifest: Manifest, sources: Mapping[str, Path]) -> Snapshot:
    """Copy a component into the cache: all of it, or nothing.

    ``sources`` gives the file to copy for each URL path of the manifest. A snapshot of the same loader and
    frame build is replaced. Raises OSError when the cache cannot be written.
    """
    root = snapshots_dir()
    root.mkdir(parents=True, exist_ok=True)
    final = root / f"{manifest.frame_build}-{manifest.loader_sha256[:12]}"
    with tempfile.TemporaryDirectory(dir=root, prefix=".import-", ignore_cleanup_errors=True) as name:
        fresh = Path(name) / "new"
        for path, source in sources.items():
            target = fresh / FILES / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        (fresh / MANIFEST).write_text(manifest.model_dump_json(by_alias=True, indent=1), encoding="utf-8")
        if final.exists():
            # Directories cannot replace each other in one step; the old one goes with the temporary folder.
            final.rename(Path(name) / "old")
        fresh.rename(final)
    snapshot = _read(final)
    if not isinstance(snapshot, Snapshot):
        raise OSError(f"{final}: {snapshot}")
    return snapshot


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
    files: dict[str, RuntimeFile] = {}
    for path, kept in manifest.files.items():
        file = folder / FILES / path.lstrip("/")
        try:
            whole = is_safe_path(path) and file.stat().st_size == kept.size
        except OSError:
            whole = False
        if not whole:
            return f"{path} is missing or was changed"
        files[path] = RuntimeFile(file, kept.size)
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
