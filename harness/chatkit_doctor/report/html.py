"""The HTML report: one document per session with everything in it, and one of a run with all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.report.document import write_page
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.session_page import SCRIPTS, TEMPLATE, session_body, session_values
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Told
from chatkit_doctor.report.suite_page import FoldedReports, folded, write_suite

if TYPE_CHECKING:
    from chatkit_doctor.engine.events import Judgement


class HtmlFile:
    """Writes ``index.html`` of each session and of a run of several."""

    def __init__(self) -> None:
        self._kept = FoldedReports()

    def on_event(self, event: Told) -> None:
        """Write the page of the report that has come."""
        match event:
            case SessionReported(session=session, report=report, judgement=judgement):
                write_html(report, session.directory, judgement, self._kept)
            case RunReported(directory=directory, run=run, is_single=False):
                write_run_html(run, directory, self._kept)

    def close(self) -> None:
        """Nothing is left open."""


def write_html(
    report: ReportModel,
    folder: Path,
    judgement: Judgement | None = None,
    kept: FoldedReports | None = None,
) -> Path:
    """Write one session's report as ``index.html`` into its folder and return its path.

    One of a run is added to ``kept``, for the document of the run.
    """
    values = session_values(report, folder, judgement)
    body = session_body(values)
    if kept is not None and (place := report.artifacts.get("folder", "")):
        kept.add(report, folded(place, body, values["pictures"]))
    return write_page(folder, TEMPLATE, scripts=SCRIPTS, embedded=True, body=body, **values)


def write_run_html(run: RunModel, folder: Path, kept: FoldedReports | None = None) -> Path:
    """Write the document of a run as ``index.html`` into its folder and return its path.

    The sessions' reports are those that were ``kept``; each session's own document is linked where
    ``artifacts["folder"]`` says it lies.
    """
    return write_suite(run, folder, kept)
