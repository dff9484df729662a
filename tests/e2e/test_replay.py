"""A recorded session, replayed on the same component, comes out as it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.errors import RecordingError
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.scenario.load import NamedScenario, load
from chatkit_doctor.scenario.select import catalogue
from tests.session_runner import SessionRunner

REPLAY = """\
title: What was recorded, once more
page: {{remember_thread: true}}
backend: {{kind: replay, recording: {recording}}}
steps: [{steps}]
"""


def outcome(report: ReportModel) -> tuple[object, ...]:
    """What a user sees, and what is said about it."""
    said = [(message.role, message.text) for message in report.messages]
    cause = report.cause.id if report.cause is not None else None
    return report.verdict, sorted({symptom.id for symptom in report.symptoms}), cause, said


def replay(folder: Path, recording: str, steps: str) -> NamedScenario:
    path = folder / "replay.yaml"
    path.write_text(REPLAY.format(recording=recording, steps=steps), encoding="utf-8")
    return load(path)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("seed/attempt-3", "{send: What is open?}"),
        ("control/reload", "{send: Remember this}, {reload: {}}, {send: And this}"),
    ],
)
def test_a_recorded_session_comes_out_as_it_did(
    name: str, steps: str, session_runner: SessionRunner, tmp_path: Path
) -> None:
    recorded = session_runner.diagnose(load(catalogue()[name]), tmp_path / "recorded")
    again = session_runner.diagnose(replay(tmp_path, "recorded", steps), tmp_path / "replayed")
    assert outcome(again) == outcome(recorded)


@pytest.mark.browser
def test_what_is_no_recording_is_one_sentence(reference: SessionRunner, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecordingError, match="recording"):
        reference.diagnose(replay(tmp_path, "empty", "{send: Hello}"), tmp_path / "replayed")
