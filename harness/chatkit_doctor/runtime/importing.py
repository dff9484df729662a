"""``runtime import DIR``: finding a component in a folder and checking that its parts belong together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chatkit_doctor.errors import RuntimeSourceError
from chatkit_doctor.runtime import references
from chatkit_doctor.runtime.component_files import ComponentFiles
from chatkit_doctor.runtime.runtime import (
    LOADER_NAME,
    LOADER_PATH,
    REFERENCE_BUILD,
    defines_component,
    frame_builds,
    frame_path,
)
from chatkit_doctor.runtime.snapshot_index import Manifest, ManifestFile, Snapshot, add, snapshots_dir
from chatkit_doctor.runtime.source_folder import SourceFolder

EXAMPLES: Final = 5
"""Missing files named one by one."""
MAX_DOCUMENT_BYTES: Final = 256 * 1024
"""Bytes of the frame's document; it had 1,400 in June 2026."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought: the snapshot, how many files are missing, and some of their URL paths."""

    snapshot: Snapshot
    missing: int
    examples: tuple[str, ...]


def import_snapshot(folder: Path) -> Imported:
    """Copy the component in ``folder`` into the user's cache, wherever in the folder its parts lie.

    Lazily loaded chunks may be missing: they are counted and later answered with empty modules. Raises
    RuntimeSourceError when a part is missing without which the component cannot start, when the parts do not
    belong together, or when a file cannot be read or the cache not be written.
    """
    try:
        component, manifest = _component(SourceFolder(folder))
    except OSError as error:
        raise _unreadable(error, folder) from error
    try:
        snapshot = add(manifest, _contents(component, manifest))
    except OSError as error:
        raise RuntimeSourceError(
            f"the snapshot could not be written ({error.strerror or error})",
            where=str(snapshots_dir()),
            hint="Free disk space there, or set XDG_CACHE_HOME to a writable folder.",
        ) from error
    return Imported(snapshot, len(snapshot.missing), _examples(snapshot.missing))


def _contents(component: ComponentFiles, manifest: Manifest) -> Iterator[tuple[str, bytes]]:
    """Every file again, as it was when it was looked at."""
    for path, file in component.files.items():
        try:
            data = component.source.read(file)
        except OSError as error:
            raise _unreadable(error, file) from error
        if hashlib.sha256(data).hexdigest() != manifest.files[path].sha256:
            raise RuntimeSourceError("it changed during the import", where=str(file))
        yield path, data


def _unreadable(error: OSError, place: Path) -> RuntimeSourceError:
    return RuntimeSourceError(
        f"a file cannot be read ({error.strerror or error})", where=str(error.filename or place)
    )


def _component(source: SourceFolder) -> tuple[ComponentFiles, Manifest]:
    """The component in a folder, checked, and what is to be remembered of it."""
    loader, build = _loader(source)
    component = ComponentFiles(source)
    component.take(LOADER_PATH, loader)
    _collect(component, build)
    return component, Manifest(
        loader_sha256=source.digest(loader),
        frame_build=build,
        imported_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        files={
            path: ManifestFile(size=size, sha256=digest)
            for path, file in sorted(component.files.items())
            for size, digest in [source.measure(file)]
        },
        missing={path: sorted(exports) for path, exports in sorted(component.missing.items())},
    )


def _loader(source: SourceFolder) -> tuple[Path, str]:
    """The loader and the frame build it asks for."""
    hint = f"Save {LOADER_NAME} from the CDN together with the index-*.html and the assets it loads."
    scripts = source.named(LOADER_NAME)
    if not scripts:
        what = f"it contains no {LOADER_NAME}{_left_out(source, [LOADER_NAME])}"
        raise RuntimeSourceError(what, where=str(source.root), hint=hint)
    loaders = {path: text for path in scripts if defines_component(text := source.text(path))}
    if not loaders:
        raise RuntimeSourceError(
            f"{source.short(scripts)} does not define <openai-chatkit>", where=str(source.root), hint=hint
        )
    if len({source.digest(path) for path in loaders}) > 1:
        raise RuntimeSourceError(
            f"it contains different loaders: {source.short(loaders)}",
            where=str(source.root),
            hint="Choose a folder that contains a single copy of the component.",
        )
    loader, text = next(iter(loaders.items()))
    builds = frame_builds(text)
    if not builds:
        raise RuntimeSourceError(
            f"{source.short([loader])} names no frame document (index-*.html)",
            where=str(source.root),
            hint=hint,
        )
    if builds[0] == REFERENCE_BUILD:
        raise RuntimeSourceError(
            "this is the reference component, not ChatKit's own",
            where=str(source.root),
            hint="It needs no import: --runtime reference.",
        )
    for build in builds:
        if source.named(f"index-{build}.html"):
            return loader, build
    others = source.matching(re.compile(r"index-.+\.html"))
    raise RuntimeSourceError(
        f"{source.short([loader])} loads index-{builds[0]}.html, which is not there"
        + _left_out(source, [f"index-{builds[0]}.html"])
        + (f"; {', '.join(others)} belongs to another build" if others else ""),
        where=str(source.root),
        hint=hint,
    )


def _collect(component: ComponentFiles, build: str) -> None:
    """Take the frame's document and all it leads to. Raises RuntimeSourceError when it could not start."""
    path = frame_path(build)
    document = component.source.at(path)
    assert document is not None  # noqa: S101 - the loader was chosen by it
    component.take(path, document)
    text = component.source.text(document)
    loads = references.in_document(text[:MAX_DOCUMENT_BYTES], path)
    if not loads.scripts:
        raise RuntimeSourceError(
            f"{component.source.short([document])} loads no script, so it is not the component's document",
            where=str(component.source.root),
            hint="A challenge or error page may have been saved in its place; save it again.",
        )
    needed = [*loads.scripts, *loads.styles]
    absent = [part for part in needed if component.source.at(part) is None]
    if absent:
        raise RuntimeSourceError(
            f"{document.name} loads {_absent(component.source, absent)}",
            where=str(component.source.root),
            hint="Add the missing files: without them the chat does not start.",
        )
    for part in [*needed, *loads.others]:
        if (file := component.source.at(part)) is not None:
            component.take(part, file)
        else:
            component.miss(part)
    component.follow([part for part in component.files if part not in (path, LOADER_PATH)])
    while added := component.take_neighbours():
        component.follow(added)
    absent = [part for script in loads.scripts for part in component.statically_missing(script)]
    if absent:
        raise RuntimeSourceError(
            f"the main script imports {_absent(component.source, absent)}",
            where=str(component.source.root),
            hint="Add the missing files: without them the chat does not start.",
        )


def _absent(source: SourceFolder, paths: list[str]) -> str:
    shown = ", ".join(paths[:EXAMPLES])
    more = f" and {len(paths) - EXAMPLES} more" if len(paths) > EXAMPLES else ""
    left_out = _left_out(source, [path.rpartition("/")[2] for path in paths])
    return f"{shown}{more}, which {'is' if len(paths) == 1 else 'are'} not there{left_out}"


def _left_out(source: SourceFolder, names: Iterable[str]) -> str:
    """Why one of these files was not taken, although there is something of its name."""
    reasons = (f" ({name} in it is {reason})" for name in names if (reason := source.unusable(name)))
    return next(reasons, "")


def _examples(missing: Mapping[str, object]) -> tuple[str, ...]:
    """Some of many, spread over the alphabet so that they show what kinds there are."""
    paths = sorted(missing)
    step = max(1, len(paths) // EXAMPLES)
    return tuple(paths[::step][:EXAMPLES])
