"""From a recording to its report: needs no browser, and does not load one."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.diagnosis.expectation import drift
from chatkit_doctor.recording.reader import Recording, load
from chatkit_doctor.report.artifacts import ReportFolder
from chatkit_doctor.report.build import build_report
from chatkit_doctor.report.model import ExpectationModel, ReportModel
from chatkit_doctor.scenario.expect import Expect


def judge(recording: Recording, *, expect: Expect | None, artifacts: dict[str, str]) -> ReportModel:
    """Everything after the recording: a pure function of it, so that an old one can be judged again."""
    diagnosis = diagnose(recording, examine(recording))
    expectation = None
    if expect is not None:
        sentences = list(drift(recording, diagnosis, expect))
        expectation = ExpectationModel(met=not sentences, drift=sentences)
    return build_report(recording, diagnosis, artifacts=artifacts, expectation=expectation)


def judge_folder(folder: Path) -> ReportModel:
    """Judge a saved recording again, without a browser. Raises RecordingError when there is none."""
    recording = load(folder)
    expected = (recording.header.get("scenario") or {}).get("expect")
    expect = Expect.model_validate(expected) if expected else None
    return judge(recording, expect=expect, artifacts=ReportFolder(recording.directory or folder).artifacts())
