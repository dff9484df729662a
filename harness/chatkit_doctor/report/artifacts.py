"""The folder of a report: where it lies, what is in it, and the link to the latest one."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from chatkit_doctor.errors import UsageError
from chatkit_doctor.report.html import local_href, write_html, write_run_html
from chatkit_doctor.report.json_output import report_json, run_json
from chatkit_doctor.report.junit import write_junit
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.reproduce import FILE as REPRODUCE
from chatkit_doctor.report.reproduce import script
from chatkit_doctor.scenario.names import MAX_PART, folder_of

LATEST: Final = "latest"
_KNOWN: Final = {
    "report": "report.json",
    "html": "index.html",
    "junit": "junit.xml",
    "recording": "recording.ndjson",
    "trace": "trace.zip",
    "screenshots": "screenshots",
}


@dataclass(frozen=True, slots=True)
class ReportFolder:
    """``reports/<time>-<name>/``, or the place of one scenario in it."""

    path: Path
    inside: str = ""
    """The path below the run's folder; empty for the run itself."""

    @classmethod
    def create(cls, output: Path, name: str) -> ReportFolder:
        """A new folder that no other run uses. Raises UsageError when it cannot be made."""
        stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        base = f"{stamp}-{re.sub(r'[^A-Za-z0-9._-]+', '-', name)[:MAX_PART].strip('-.') or 'run'}"
        try:
            output.mkdir(parents=True, exist_ok=True)
            for number in range(1, 1000):
                path = output / (base if number == 1 else f"{base}-{number}")
                with suppress(FileExistsError):
                    path.mkdir()
                    return cls(path)
        except OSError as error:
            raise UsageError(
                f"no report can be written here: {error.strerror or error}", where=str(output)
            ) from error
        raise UsageError("there are too many reports of this second", where=str(output))

    def sub(self, name: str) -> ReportFolder:
        """The place of one scenario, inside the folder whatever its name is."""
        inside = folder_of(name)
        path = self.path / inside
        path.mkdir(parents=True, exist_ok=True)
        return ReportFolder(path, inside)

    def artifacts(self) -> dict[str, str]:
        """What is in the folder, or will be once the report is written, by kind; paths relative to it."""
        written = {"report", "html", "junit"}
        found = {k: f for k, f in _KNOWN.items() if k in written or (self.path / f).exists()}
        return found | ({"folder": self.inside} if self.inside else {})

    def write(self, report: ReportModel) -> None:
        """All outputs of one session."""
        for correction in report.corrections:
            # Only names that stay inside: a report may have been read from anywhere.
            if (href := local_href(correction.file)) is not None and correction.text:
                place = self.path / href
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(correction.text, encoding="utf-8", newline="\n")
        if report.reproduce:
            (self.path / REPRODUCE).write_text(
                script(report.reproduce), encoding="utf-8", errors="replace", newline="\n"
            )
        (self.path / _KNOWN["report"]).write_text(report_json(report), encoding="utf-8")
        write_html(report, self.path)
        write_junit(report, self.path / _KNOWN["junit"])

    def write_run(self, run: RunModel) -> None:
        """The outputs of a run of several sessions."""
        (self.path / _KNOWN["report"]).write_text(run_json(run), encoding="utf-8")
        write_run_html(run, self.path)
        write_junit(run, self.path / _KNOWN["junit"])

    def link_latest(self) -> None:
        """Point ``latest`` beside the folder to it. Where links are not allowed, the outputs are copied."""
        link = self.path.parent / LATEST
        with suppress(OSError):
            if link.is_symlink() or link.is_file():
                link.unlink()
            elif link.is_dir():
                shutil.rmtree(link)
        try:
            link.symlink_to(self.path.name, target_is_directory=True)
        except OSError:
            with suppress(OSError):
                shutil.copytree(self.path, link, dirs_exist_ok=True)
