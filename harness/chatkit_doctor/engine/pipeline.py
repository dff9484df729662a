"""From a recording to what was found in it: needs no browser, and does not load one."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.diagnosis.expectation import drift
from chatkit_doctor.engine.events import Judgement
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.scenario.expect import Expect


def judge(recording: Recording, expect: Expect | None) -> Judgement:
    """Everything after the recording: a pure function of it, so that an old one can be judged again."""
    diagnosis = diagnose(recording, examine(recording))
    return Judgement(recording, diagnosis, None if expect is None else drift(recording, diagnosis, expect))


def judge_folder(folder: Path) -> Judgement:
    """Judge a saved recording by what its own scenario expects. Raises RecordingError when there is none."""
    recording = load(folder)
    expected = (recording.header.get("scenario") or {}).get("expect")
    return judge(recording, Expect.model_validate(expected) if expected else None)
