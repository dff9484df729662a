"""A last look at every file of a finished run: a secret that came by all masking is not left there.

What masks is told of each text before it is written. This looks at the files as they lie there, the trace
and what a document holds compressed unpacked, for the values that the run was given: an answer of a run is
passed around.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from chatkit_doctor.engine.plan import Drive, Plan, Simulate
from chatkit_doctor.errors import DoctorError
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.recording.secret_forms import forms_of
from chatkit_doctor.recording.secret_shapes import looks_like_a_credential
from chatkit_doctor.report.packed import packed_parts
from chatkit_doctor.report.subscriber import RunReported, Told

PIECE: Final = 1024 * 1024
"""Bytes that are examined at once."""
MOST_MASKED: Final = 64 * 1024 * 1024
"""Bytes of a file that is rewritten; a larger one is removed."""
_PICTURES: Final = frozenset({".png", ".jpeg", ".jpg"})
_HINT: Final = "This is a bug in chatkit-doctor: please report it, without the secret."


def given_secrets(plan: Plan) -> Redactor:
    """What a plan was given that must be in none of its files."""
    redactor = Redactor(plan.secrets)
    redactor.add_headers(plan.headers)
    for session in plan.sessions:
        match session:
            case Drive(named=named) if named.scenario.backend.kind == "url":
                redactor.add_headers(named.scenario.backend.headers)
            case Simulate(live=live):
                redactor.add_headers(live.headers)
            case _:
                pass
    return redactor


class LastLook:
    """Subscribes after whoever writes. When all is told, it raises DoctorError if it found something."""

    def __init__(self, redactor: Redactor, exported: Path | None = None) -> None:
        """``exported`` is another folder that the run has written to."""
        self._redactor = redactor
        self._exported = exported
        self._found: list[str] = []

    def on_event(self, event: Told) -> None:
        """Look at the files once all of them are written."""
        if isinstance(event, RunReported):
            for folder in filter(None, (event.directory, self._exported)):
                self._found += look_at(folder, self._redactor)

    def close(self) -> None:
        """Say what was found. Raises DoctorError for it."""
        if self._found:
            raise DoctorError(f"a secret was found in a file: {'; '.join(self._found)}", hint=_HINT)


def look_at(folder: Path, redactor: Redactor) -> list[str]:
    """Mask what is in the files of a folder, or remove them; what was done, in words.

    A word is not looked for: it is in every report.
    """
    values = [value for value in redactor.values if looks_like_a_credential(value)]
    forms = sorted({form.encode("utf-8", "surrogatepass") for value in values for form in forms_of(value)})
    return [
        f"{path.relative_to(folder)} was {_cleaned(path, forms, redactor)}"
        for path in (_files(folder) if forms else ())
        if _shows(path, forms)
    ]


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix not in _PICTURES and path.is_file() and not path.is_symlink():
                yield path


def _shows(path: Path, forms: list[bytes]) -> bool:
    if path.suffix == ".html" and path.stat().st_size <= MOST_MASKED:
        document = path.read_bytes()
        return any(form in part for part in (document, *packed_parts(document)) for form in forms)
    if path.suffix != ".zip" or not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            return _holds(file, forms)
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if Path(member.filename).suffix in _PICTURES:
                continue
            with archive.open(member) as unpacked:
                if _holds(unpacked, forms):
                    return True
    return False


def _holds(file: IO[bytes], forms: list[bytes]) -> bool:
    """Whether one of the forms stands in a file, of which a piece at a time is in memory."""
    kept = max(map(len, forms)) - 1
    before = b""
    while piece := file.read(PIECE):
        window = before + piece
        if any(form in window for form in forms):
            return True
        before = window[-kept:] if kept else b""
    return False


def _cleaned(path: Path, forms: list[bytes], redactor: Redactor) -> str:
    if path.suffix != ".zip" and path.stat().st_size <= MOST_MASKED:
        path.write_bytes(redactor.data(path.read_bytes()))
        if not _shows(path, forms):
            return "masked"
    path.unlink()
    return "removed"
