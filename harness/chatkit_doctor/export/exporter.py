"""Exports the repaired sessions of a run, each once it is judged."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chatkit_doctor.engine.events import Judgement, RunStarted, SessionJudged
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.report.subscriber import Told
from chatkit_doctor.scenario.names import folder_of
from chatkit_doctor.vocabulary import Verdict

NOTHING: Final = "there is nothing to repair: the session passed"


@dataclass(frozen=True, slots=True)
class Export:
    """What was exported of one session, or why nothing was."""

    session: str
    folder: Path | None
    """None: nothing was written."""
    why: str = ""
    """Why nothing was written, or no server; empty where all was."""
    is_refused: bool = False
    """Whether there was a fault, and it could not be repaired."""

    @property
    def scenario_command(self) -> str:
        """How the exported scenario is run."""
        return shlex.join(["chatkit-doctor", "run", str(self._in("repaired.yaml"))])

    @property
    def server_command(self) -> str:
        """How the exported server is started with the Python that has what it needs; empty where none is."""
        if self.folder is None or self.why:
            return ""
        start = [sys.executable, "-m", "uvicorn", "--app-dir", str(self.folder), "server:app"]
        return shlex.join([*start, "--port", "8000"])

    def _in(self, name: str) -> Path:
        return Path(name) if self.folder is None else self.folder / name


class Exporter:
    """Subscribes to a run. A single session goes into the folder itself, each of several below it."""

    def __init__(self, folder: Path, redactor: Redactor) -> None:
        self.exports: list[Export] = []
        self._folder = folder
        self._redactor = redactor
        self._is_single = True

    def on_event(self, event: Told) -> None:
        """Export a session that was judged. Raises UsageError when nothing can be written."""
        match event:
            case RunStarted(sessions=sessions):
                self._is_single = len(sessions) == 1
            case SessionJudged(session=session, judgement=judgement):
                folder = self._folder if self._is_single else self._folder / folder_of(session.name)
                self.exports.append(self._export(session.name, judgement, folder))
            case _:
                pass

    def close(self) -> None:
        """Nothing is left open."""

    def _export(self, name: str, judgement: Judgement, folder: Path) -> Export:
        if judgement.diagnosis.verdict is Verdict.PASS:
            return Export(name, None, NOTHING)
        from chatkit_doctor.export.files import files_of
        from chatkit_doctor.export.folder import write
        from chatkit_doctor.export.repaired_session import NotExportableError, repaired_session

        try:
            session = repaired_session(judgement)
        except NotExportableError as error:
            return Export(name, None, self._redactor.text(str(error)), is_refused=True)
        files, why_no_server = files_of(session, self._redactor.text)
        about = {"causes": list(session.causes), "tried": session.tried}
        write(folder, files, about)
        return Export(name, folder, why_no_server)
