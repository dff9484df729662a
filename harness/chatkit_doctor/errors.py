"""What a user can run into. Every error says what happened, where, and what to do next.

    DoctorError
    ├── UsageError           a wrong argument or scenario name
    ├── ScenarioError        a scenario file that cannot be used
    ├── BrowserError         no browser, or it would not start
    ├── RuntimeSourceError   chatkit.js is not available or does not belong together
    ├── TargetError          the backend or page under test cannot be reached
    ├── RecordingError       a recording that cannot be read
    ├── ReportError          reports that cannot be read, or do not belong together
    ├── NotExportedError     a repaired conversation was requested, and is not available
    └── Interrupted          Ctrl-C before there was anything to report

All of them end the process with exit code 2 and no traceback.
"""

from __future__ import annotations

from typing import Final

from chatkit_doctor.safe_text import clip, one_line, undisguised

LONGEST: Final = 2_000
"""Characters of each part of an error that are shown."""


class DoctorError(Exception):
    """Something the user can do something about.

    ``what`` happened, ``where`` it happened (a file, URL or option; may be empty), and the ``hint``: the
    next step to take. All three may quote what others wrote; :attr:`headline` and :attr:`advice` are fit for
    a terminal.
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    @property
    def headline(self) -> str:
        """Where it happened, and what. The place is on one line, whatever a file is called."""
        what = clip(undisguised(self.what), LONGEST)
        return f"{one_line(undisguised(self.where), LONGEST)}: {what}" if self.where else what

    @property
    def advice(self) -> str:
        """The next step; may be empty."""
        return clip(undisguised(self.hint), LONGEST)

    def __str__(self) -> str:
        return f"{self.headline}\n{self.advice}" if self.hint else self.headline


class UsageError(DoctorError):
    """The command line asks for something that does not exist or does not fit together."""


class ScenarioError(DoctorError):
    """A scenario file is missing, malformed, or has unknown keys."""


class BrowserError(DoctorError):
    """No browser could be found, installed or started."""


class RuntimeSourceError(DoctorError):
    """A chatkit.js runtime is absent, incomplete, or its files do not belong together."""


class TargetError(DoctorError):
    """The backend or page under test cannot be reached at all."""


class RecordingError(DoctorError):
    """A recording is missing or is not one."""


class ReportError(DoctorError):
    """A report is missing, cut off or of another schema, or several do not belong together."""


class NotExportedError(DoctorError):
    """A repaired conversation was requested, and is not available."""


class Interrupted(DoctorError):  # noqa: N818 - what happened, in one word
    """The user pressed Ctrl-C before there was anything to report."""
