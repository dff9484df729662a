"""From a recording to its report: needs no browser, and does not load one."""

from __future__ import annotations

from pathlib import Path

from harness.audits.registry import examine
from harness.diagnosis.diagnose import diagnose
from harness.diagnosis.expectation import drift
from harness.gather.recording import Recording, load
from harness.report.artifacts import ReportFolder
from harness.report.build import build_report
from harness.report.model import ExpectationModel, ReportModel
from harness.scenario.model import Expect


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
