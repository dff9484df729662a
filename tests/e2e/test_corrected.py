"""What a report says should have been sent is what the component shows without a symptom."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.scenario.read import scenario_from
from chatkit_doctor.scenario.select import select
from tests.session_runner import SessionRunner
from tests.written import write

ATTEMPTS = ("seed/attempt-1", "seed/attempt-2", "seed/attempt-3")


@pytest.mark.browser
@pytest.mark.parametrize("name", ATTEMPTS)
def test_the_corrected_stream_of_an_attempt_renders(
    name: str, session_runner: SessionRunner, tmp_path: Path
) -> None:
    (named,) = select([name])
    report = session_runner.diagnose(named, tmp_path / "before")
    write(report, tmp_path / "before")
    (correction,) = report.corrections
    stream = (tmp_path / "before" / correction.file).read_text(encoding="utf-8")
    # The pause lets a frame be painted: a whole turn in one instant shows no optimistic message.
    begin, end = stream.split('data: {"type": "thread.item.updated"', 1)
    frames = [{"raw": begin}, {"delay_ms": 400}, {"raw": f'data: {{"type": "thread.item.updated"{end}'}]
    after = session_runner.diagnose(
        scenario_from(
            {
                "title": f"{name}, corrected",
                "backend": {"kind": "script", "answers": {"threads.create": {"stream": frames}}},
                "steps": [{"send": "What is open?"}],
            }
        ),
        tmp_path / "after",
    )
    assert (after.verdict, after.symptoms, after.cause) == ("pass", [], None)
    # They are listed as they appear: which of two that come at once is painted first is up to the machine.
    assert sorted((m.role, m.text) for m in after.messages) == [
        ("assistant", "You have three open tasks."),
        ("user", "What is open?"),
    ]
    assert after.warnings == []
