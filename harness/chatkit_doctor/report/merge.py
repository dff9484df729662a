"""Runs of parts of the same scenarios, put together into one; what does not belong together is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatkit_doctor.errors import ReportError, UsageError
from chatkit_doctor.report.build import build_run
from chatkit_doctor.report.document import local_href
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.read import read_report
from chatkit_doctor.scenario.names import folder_of


@dataclass(frozen=True, slots=True)
class Shard:
    """A run and its folder; a session that stands for itself is a run of one."""

    folder: Path
    run: RunModel


def read_shards(folders: Sequence[Path]) -> list[Shard]:
    """The runs in folders. Raises ReportError for one that cannot be read, and for a mixture."""
    shards = [Shard(folder, _run_of(read_report(folder))) for folder in folders]
    for what, of in _ALIKE.items():
        _refuse_mixture(what, [(shard, of(shard.run)) for shard in shards])
    seen: dict[str, Path] = {}
    for shard in shards:
        for report in shard.run.scenarios:
            if report.name in seen:
                twice = f"{seen[report.name]} and {shard.folder}"
                raise ReportError(
                    f"the scenario {report.name} is in more than one of the reports", where=twice
                )
            seen[report.name] = shard.folder
    return shards


def merged(shards: Sequence[Shard], into: Path) -> RunModel:
    """One run of all shards, whose sessions' folders are copied into a new folder.

    A scenario that one of them has not run is among those not run, unless another one has it. The run took as
    long as the longest of them. Raises UsageError if there is something at ``into`` already.
    """
    for shard in shards:
        if into.resolve().is_relative_to(shard.folder.resolve()):
            raise UsageError(
                "it is inside a report that is to be merged",
                where=str(into),
                hint="Choose a folder next to it.",
            )
    try:
        into.mkdir(parents=True)
    except FileExistsError as error:
        hint = "Choose a new folder: existing files are never overwritten."
        raise UsageError("the folder is not empty", where=str(into), hint=hint) from error
    reports = [_copied(report, shard, into) for shard in shards for report in shard.run.scenarios]
    # As in one run of the catalogue, whichever part had which.
    reports.sort(key=lambda report: report.name)
    names = {report.name for report in reports}
    left = dict.fromkeys(name for shard in shards for name in shard.run.not_run if name not in names)
    return build_run(
        reports,
        duration_ms=max(shard.run.totals.duration_ms for shard in shards),
        started_at=min(shard.run.started_at for shard in shards),
        not_run=list(left),
    )


def _run_of(read: ReportModel | RunModel) -> RunModel:
    if isinstance(read, RunModel):
        return read
    alone = build_run([read], duration_ms=read.duration_ms)
    return alone.model_copy(update={"tool": read.tool})


def _refuse_mixture(what: str, values: Sequence[tuple[Shard, str]]) -> None:
    first, value = values[0]
    for shard, other in values[1:]:
        if other != value:
            raise ReportError(
                f"these reports do not belong to one run: the {what} is {value} in one and {other} in the "
                "other",
                where=f"{first.folder} and {shard.folder}",
                hint="Run all parts again, with the same options.",
            )


def _component(run: RunModel) -> str:
    return " ".join(
        str(run.runtime[key]) for key in ("name", "frame_build", "loader_sha256") if run.runtime.get(key)
    )


_ALIKE: dict[str, Callable[[RunModel], str]] = {
    "version of chatkit-doctor": lambda run: run.tool,
    "runtime": _component,
}
"""What the parts of one run have in common."""


def _copied(report: ReportModel, shard: Shard, into: Path) -> ReportModel:
    """A session's report with its folder in the new place."""
    place = report.artifacts.get("folder", "")
    new = place or folder_of(report.name)
    if local_href(new) is None:
        raise ReportError(f"the folder of {report.name} is somewhere else: {place}", where=str(shard.folder))
    try:
        shutil.copytree(
            shard.folder / place, into / new, ignore=shutil.ignore_patterns("latest"), dirs_exist_ok=True
        )
    except (OSError, shutil.Error) as error:
        raise ReportError(f"{report.name} cannot be copied: {error}", where=str(shard.folder)) from error
    return report.model_copy(update={"artifacts": {**report.artifacts, "folder": new}})
