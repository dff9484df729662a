"""Reports written again: of recordings that were judged before, one or many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from chatkit_doctor.engine.events import SessionRef
from chatkit_doctor.engine.pipeline import judge_folder, with_remedies
from chatkit_doctor.errors import RecordingError, ReportError
from chatkit_doctor.recording.journal import FILE_NAME
from chatkit_doctor.report.artifacts import Artifacts
from chatkit_doctor.report.build import build_run, report_of
from chatkit_doctor.report.folder import artifacts_in
from chatkit_doctor.report.merge import merged, read_shards
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.read import read_report
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Subscriber
from chatkit_doctor.version import __version__

_REPLAYS: Final = "proof"
"""Below it lie the recordings of replays, which have no report of their own."""


def render(folder: Path) -> RunReported:
    """Write the report of a session or a run again, into its own folder.

    A report that this version wrote stays what it is, and so do the proofs in it; any other is recreated from
    its recording. Raises RecordingError where there is no recording, or one that cannot be read.
    """
    places = list(_places(folder))
    if not places:
        raise RecordingError("no recording found here", where=str(folder))
    reports = [_report(folder, place) for place in places]
    is_single = places == [""]
    total = sum(report.duration_ms for report in reports)
    run = build_run(reports, duration_ms=total)
    with suppress(ReportError):
        if isinstance(old := read_report(folder), RunModel):
            run = build_run(
                reports,
                duration_ms=old.totals.duration_ms,
                started_at=old.started_at,
                not_run=old.not_run,
            )
    return _written(RunReported(folder, run, is_single, False))


def merge(folders: Sequence[Path], into: Path) -> RunReported:
    """Put runs together into one in a new folder, and write its report.

    Raises ReportError for what cannot be read or does not belong together, and UsageError if the folder is
    not new.
    """
    run = merged(read_shards(folders), into)
    return _written(RunReported(into, run, False, False))


def _written(reported: RunReported) -> RunReported:
    writer: Subscriber = Artifacts()
    for index, report in enumerate(reported.run.scenarios):
        place = report.artifacts.get("folder", "")
        directory = reported.directory / place
        ref = SessionRef(index, report.name, directory, place)
        # A run may have been kept without its recordings: then its documents show the report alone.
        is_recorded = (directory / FILE_NAME).is_file()
        judgement = with_remedies(judge_folder(directory)) if is_recorded else None
        writer.on_event(SessionReported(ref, report, judgement))
    writer.on_event(reported)
    writer.close()
    return reported


def _report(folder: Path, place: str) -> ReportModel:
    """What this version has said of a recording, or says of it now."""
    with suppress(ReportError):
        old = read_report(folder / place)
        if isinstance(old, ReportModel) and old.tool == __version__:
            return old
    return report_of(with_remedies(judge_folder(folder / place)), artifacts_in(folder / place, place))


def _places(folder: Path) -> Iterator[str]:
    """Where the sessions of a run are below its folder; the folder itself if it is that of a session."""
    if (folder / FILE_NAME).is_file():
        yield ""
        return
    for journal in sorted(folder.rglob(FILE_NAME)):
        place = journal.parent.relative_to(folder)
        if _REPLAYS not in place.parts:
            yield place.as_posix()
