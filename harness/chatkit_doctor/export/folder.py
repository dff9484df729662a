"""The folder that an export is written to: only one that is new, empty, or was written by this tool."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from chatkit_doctor.errors import UsageError

MANIFEST: Final = "export.json"
"""Lies in the folder, and names every file that was written."""
SCHEMA: Final = "chatkit-doctor/export/1"
_DEEPEST: Final = 8
"""Folders in each other in which exports are looked for: the parts of a scenario's name."""
_OPTION: Final = "--export-repair"


def require_free(folder: Path) -> None:
    """Raises UsageError for a folder that holds what this tool did not write, and for what is not a
    folder."""
    where = f"{_OPTION} {folder}"
    try:
        if not os.path.lexists(folder):
            return
        if folder.is_symlink() or not folder.is_dir():
            raise UsageError("this is not a folder", where=where, hint="Choose a new one.")
        is_free = _holds_only_exports(folder)
    except OSError as error:
        raise UsageError(f"it cannot be read: {error.strerror or error}", where=where) from error
    if not is_free:
        raise UsageError(
            "it contains files that chatkit-doctor did not write",
            where=where,
            hint="Choose a new folder: existing files are never overwritten.",
        )


def free_folder(folder: str | os.PathLike[str] | None) -> Path | None:
    """Where to export to, if anywhere: refused before anything is done rather than after it."""
    if folder is None:
        return None
    require_free(Path(folder))
    return Path(folder).absolute()


def write(folder: Path, files: Mapping[str, bytes], about: Mapping[str, object]) -> None:
    """Write the files of an export in place of an earlier one. Raises UsageError when that cannot be done."""
    require_free(folder)
    manifest = {"schema": SCHEMA, **about, "files": sorted(files)}
    try:
        for name in _written(folder):
            (folder / name).unlink(missing_ok=True)
        # What Python made of an exported server that was started.
        shutil.rmtree(folder / "__pycache__", ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / MANIFEST, json.dumps(manifest, indent=2).encode() + b"\n")
        for name, content in files.items():
            _write(folder / name, content)
    except OSError as error:
        where = f"{_OPTION} {folder}"
        raise UsageError(f"cannot write to it: {error.strerror or error}", where=where) from error


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    # A link in place of a file leads elsewhere: it is replaced, and not followed.
    if path.is_symlink():
        path.unlink()
    path.write_bytes(content)


def _holds_only_exports(folder: Path, depth: int = _DEEPEST) -> bool:
    """Whether a folder is an export, or holds folders with nothing else in them, as a run of several does."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    if _is_own(folder):
        return True
    return depth > 0 and all(_holds_only_exports(each, depth - 1) for each in folder.iterdir())


def _is_own(folder: Path) -> bool:
    return not folder.is_symlink() and _manifest(folder).get("schema") == SCHEMA


def _manifest(folder: Path) -> dict[str, object]:
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_bytes()) if path.is_file() and not path.is_symlink() else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _written(folder: Path) -> list[str]:
    """The files of an earlier export that are in the folder or one below it, and nowhere else."""
    named = _manifest(folder).get("files")
    texts = [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
    names = map(PurePosixPath, texts)
    return [
        str(name)
        for name in names
        if len(name.parts) in {1, 2}
        and not name.is_absolute()
        and ".." not in name.parts
        and not (folder / name.parts[0]).is_symlink()
        and (folder / name).is_file()
    ]
