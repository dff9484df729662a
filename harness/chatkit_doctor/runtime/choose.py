"""Deciding which runtime a session uses, and saying why in one sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

from chatkit_doctor.errors import RuntimeSourceError, UsageError
from chatkit_doctor.paths import static_dir
from chatkit_doctor.runtime import cdn
from chatkit_doctor.runtime.runtime import (
    DEPLOYMENT_PATH,
    LOADER_NAME,
    LOADER_PATH,
    LOADER_URL,
    REFERENCE_BUILD,
    Runtime,
    RuntimeFile,
    RuntimeName,
    frame_path,
)
from chatkit_doctor.runtime.snapshot_index import Snapshot, snapshot_index

_IMPORT_HINT = "Import a copy with: chatkit-doctor runtime import DIR"


def choose(requested: str | None = None, *, cdn_url: str = LOADER_URL) -> Runtime:
    """The runtime to use: the requested one, else the most authentic one available.

    Without a request: the CDN if it answers within 3 s, else the newest snapshot in the user's cache, else
    the reference component. ``cdn_url`` is where the live loader is looked for. Blocks for up to 3 s (call it
    outside an event loop). Raises UsageError for an unknown name, RuntimeSourceError when the runtime
    asked for is not available.
    """
    if requested is None:
        return most_real(cdn.probe(cdn_url))
    try:
        name = RuntimeName(requested)
    except ValueError:
        raise UsageError(
            f"there is no runtime {requested!r}",
            where="--runtime",
            hint=f"Known are: {', '.join(RuntimeName)}.",
        ) from None
    why = f"{name}, as requested"
    if name is RuntimeName.CDN:
        live = cdn.probe(cdn_url)
        if isinstance(live, str):
            raise RuntimeSourceError(
                live, where="--runtime cdn", hint="Use --runtime snapshot or --runtime reference offline."
            )
        return _live(live, why)
    if name is RuntimeName.SNAPSHOT:
        index = snapshot_index()
        if not index.snapshots:
            raise RuntimeSourceError(
                "; ".join(index.unusable) or "no snapshot has been imported",
                where="--runtime snapshot",
                hint=_IMPORT_HINT,
            )
        return _imported(index.snapshots[0], why)
    return _reference(why)


def most_real(live: cdn.LiveLoader | str) -> Runtime:
    """What is used where no runtime is requested, by what the CDN has answered.

    Raises RuntimeSourceError when not even the reference component is there.
    """
    if isinstance(live, cdn.LiveLoader):
        return _live(live, "cdn: the live component, because the CDN answers")
    index = snapshot_index()
    if index.snapshots:
        newest = index.snapshots[0]
        return _imported(newest, f"snapshot: the copy imported on {newest.imported_at[:10]}, because {live}")
    without = "; ".join(index.unusable) or "no snapshot has been imported"
    return _reference(f"reference: not the real component, because {live} and {without}")


def _live(loader: cdn.LiveLoader, why: str) -> Runtime:
    return Runtime(RuntimeName.CDN, why, loader.sha256, loader.frame_build)


def _imported(snapshot: Snapshot, why: str) -> Runtime:
    return Runtime(
        RuntimeName.SNAPSHOT,
        why,
        snapshot.loader_sha256,
        snapshot.frame_build,
        snapshot.files,
        snapshot.missing,
        snapshot.imported_at,
    )


def _reference(why: str) -> Runtime:
    root = static_dir() / "reference"
    files = {
        DEPLOYMENT_PATH + path.relative_to(root).as_posix(): RuntimeFile(path, path.stat().st_size)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
    for needed in (LOADER_PATH, frame_path(REFERENCE_BUILD)):
        if needed not in files:
            raise RuntimeSourceError(
                f"the reference component lacks {Path(needed).name}",
                where=str(root),
                hint="Install chatkit-doctor again.",
            )
    loader = (root / LOADER_NAME).read_bytes()
    return Runtime(RuntimeName.REFERENCE, why, hashlib.sha256(loader).hexdigest(), REFERENCE_BUILD, files)
