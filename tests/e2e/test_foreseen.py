"""A turn whose end is predicted is not waited for: on a real page, with a backend that refuses or hangs."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.recording.entries import StepEnd
from chatkit_doctor.scenario.read import read
from tests.session_runner import SessionRunner

pytestmark = pytest.mark.browser

REFUSES = """
title: a backend that fails
backend: {kind: script, answers: {"*": {status: 500}}}
steps: [{send: Hello}]
limits: {turn: 100000, refusals: 2}
"""
STAYS_OPEN = """
title: a stream that has said all and stays open
backend: {kind: script, answers: {"*": {stream: [good_turn: {reply: Some text.}, end: hang]}}}
steps: [{send: Hello}]
limits: {turn: 100000, silence: 1000}
"""


@pytest.mark.parametrize(
    ("text", "limit"), [(REFUSES, "refusals"), (STAYS_OPEN, "silence")], ids=["refuses", "stays open"]
)
def test_what_is_foreseen_is_not_waited_for(
    text: str, limit: str, session_runner: SessionRunner, tmp_path: Path
) -> None:
    recording = session_runner.record(read(text.encode(), "test.yaml"), tmp_path)
    ends = [entry.data for entry in recording.of(StepEnd) if entry.data.do == "send"]
    assert [end.limit for end in ends] == [limit]
