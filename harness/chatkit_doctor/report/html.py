"""The HTML report: one document per session with everything in it, and an overview of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.report.document import INDEX, local_href, write_page
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.session_page import SCRIPTS, TEMPLATE, session_values
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Told
from chatkit_doctor.report.wording import notice

if TYPE_CHECKING:
    from chatkit_doctor.engine.events import Judgement


class HtmlFile:
    """Writes ``index.html`` of each session and of a run of several."""

    def on_event(self, event: Told) -> None:
        """Write the page of the report that has come."""
        match event:
            case SessionReported(session=session, report=report, judgement=judgement):
                write_html(report, session.directory, judgement)
            case RunReported(directory=directory, run=run, is_single=False):
                write_run_html(run, directory)

    def close(self) -> None:
        """Nothing is left open."""


def write_html(report: ReportModel, folder: Path, judgement: Judgement | None = None) -> Path:
    """Write one session's report as ``index.html`` into its folder and return its path."""
    values = session_values(report, folder, judgement)
    return write_page(folder, TEMPLATE, scripts=SCRIPTS, embedded=True, **values)


def write_run_html(run: RunModel, folder: Path) -> Path:
    """Write the overview of a run as ``index.html`` into its folder and return its path.

    Each session's own report is linked where ``artifacts["folder"]`` says it lies.
    """
    rows = [(report, local_href(f"{report.artifacts.get('folder', '')}/{INDEX}")) for report in run.scenarios]
    return write_page(folder, "run.html.j2", run=run, rows=rows, notice=notice(run.runtime))
