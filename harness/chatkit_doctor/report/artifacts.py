"""The files of a report, each written by a subscriber of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.engine.events import RunStarted, SessionStarted
from chatkit_doctor.report.subscriber import SessionReported, Subscriber, Told

if TYPE_CHECKING:
    from chatkit_doctor.report.model import ReportModel


class Artifacts:
    """Writes everything that is in a report's folder, and then points ``latest`` to it.

    The writers take a while to import; that is done when the first session has something else to wait for.
    """

    def on_event(self, event: Told) -> None:
        """Pass an event on to every writer."""
        if not isinstance(event, RunStarted | SessionStarted):
            for writer in self._writers:
                writer.on_event(event)

    def close(self) -> None:
        """Nothing is left open."""

    @cached_property
    def _writers(self) -> Sequence[Subscriber]:
        from chatkit_doctor.report.folder import Latest
        from chatkit_doctor.report.html import HtmlFile
        from chatkit_doctor.report.json_output import JsonFile
        from chatkit_doctor.report.junit import JUnitFile
        from chatkit_doctor.report.markdown import MarkdownFile

        return (Attachments(), JsonFile(), HtmlFile(), JUnitFile(), MarkdownFile(), Latest())


class Attachments:
    """Writes what a report refers to beside itself: corrected streams, and the script of its requests."""

    def on_event(self, event: Told) -> None:
        """Write what belongs to a session's report."""
        if isinstance(event, SessionReported):
            write_attachments(event.report, event.session.directory)

    def close(self) -> None:
        """Nothing is left open."""


def write_attachments(report: ReportModel, folder: Path) -> None:
    """Write the corrected streams and the script of the requests into the report's folder."""
    from chatkit_doctor.report.document import local_href
    from chatkit_doctor.report.reproduce import FILE, script

    for correction in report.corrections:
        # Only names that stay inside: a report may have been read from anywhere.
        if (href := local_href(correction.file)) is not None and correction.text:
            place = folder / href
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(correction.text, encoding="utf-8", newline="\n")
    if report.reproduce:
        text = script(report.reproduce)
        (folder / FILE).write_text(text, encoding="utf-8", errors="replace", newline="\n")
