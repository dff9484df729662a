"""The runtimes of a machine: where chatkit.js is available from, and which a check takes."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.doctor.model import MissingModel, RuntimeModel
from chatkit_doctor.errors import RuntimeSourceError
from chatkit_doctor.runtime import cdn
from chatkit_doctor.runtime.choose import choose, most_real
from chatkit_doctor.runtime.runtime import RuntimeName
from chatkit_doctor.runtime.snapshot_index import snapshot_index


def runtimes_of(live: cdn.LiveLoader | str) -> tuple[list[RuntimeModel], list[MissingModel]]:
    """Every runtime, the most real one first, and what is missing; ``live`` is what the CDN answered."""
    chosen: RuntimeName | None = None
    missing: list[MissingModel] = []
    try:
        chosen = most_real(live).name
    except RuntimeSourceError as error:
        missing.append(MissingModel(what=error.headline, needed=True, hint=error.advice))
    if chosen is RuntimeName.REFERENCE:
        missing.append(
            MissingModel(
                what="the real component: backends are diagnosed on the reference component instead",
                needed=False,
                hint="Run `chatkit-doctor runtime import DIR` to import a copy from a folder.",
            )
        )
    return [_cdn(live), *_snapshots(chosen), _reference(chosen)], missing


def _cdn(live: cdn.LiveLoader | str) -> RuntimeModel:
    if isinstance(live, str):
        return RuntimeModel(name=RuntimeName.CDN, problem=live)
    return RuntimeModel(
        name=RuntimeName.CDN, frame_build=live.frame_build, loader_sha256=live.sha256, chosen=True
    )


def _snapshots(chosen: RuntimeName | None) -> Iterator[RuntimeModel]:
    index = snapshot_index()
    for number, snapshot in enumerate(index.snapshots):
        yield RuntimeModel(
            name=RuntimeName.SNAPSHOT,
            frame_build=snapshot.frame_build,
            loader_sha256=snapshot.loader_sha256,
            imported_at=snapshot.imported_at,
            missing_chunks=len(snapshot.missing),
            # The newest is the first of them.
            chosen=number == 0 and chosen is RuntimeName.SNAPSHOT,
        )
    for sentence in index.unusable or (() if index.snapshots else ("no snapshot has been imported",)):
        yield RuntimeModel(name=RuntimeName.SNAPSHOT, problem=sentence)


def _reference(chosen: RuntimeName | None) -> RuntimeModel:
    try:
        reference = choose(RuntimeName.REFERENCE)
    except RuntimeSourceError as error:
        return RuntimeModel(name=RuntimeName.REFERENCE, problem=error.headline)
    return RuntimeModel(
        name=RuntimeName.REFERENCE,
        frame_build=reference.frame_build,
        loader_sha256=reference.loader_sha256,
        chosen=chosen is RuntimeName.REFERENCE,
    )
