"""A control that is not there is not confused with its neighbour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.recording.entries import RequestSent, SessionLimit
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.scenario.read import scenario_from
from tests.session_runner import SessionRunner

pytestmark = pytest.mark.browser


def pressed(runner: SessionRunner, folder: Path, control: str, options: dict[str, Any]) -> Recording:
    """A turn, and a control that is pressed after it."""
    scenario = {
        "title": "a control",
        "page": {"options": options},
        "backend": {"kind": "sdk", "stream_ms": 0},
        "limits": {"request": 1_000},
        "steps": [{"send": "Hello"}, {"press": control}],
    }
    return runner.record(scenario_from(scenario), folder)


@pytest.mark.parametrize(
    ("control", "actions"),
    [
        ("regenerate", {"feedback": True, "retry": False}),
        ("regenerate", {"feedback": False, "retry": False}),
        ("thumbs-up", {"feedback": False, "retry": True}),
        ("thumbs-down", {"feedback": False, "retry": True}),
        ("detach", {}),
    ],
    ids=["regenerate beside feedback", "regenerate beside copy", "thumbs-up", "thumbs-down", "detach"],
)
def test_a_control_that_the_options_leave_out_is_missed(
    session_runner: SessionRunner, tmp_path: Path, control: str, actions: dict[str, bool]
) -> None:
    recording = pressed(session_runner, tmp_path, control, {"threadItemActions": actions})
    assert [entry.data.name for entry in recording.of(SessionLimit)] == ["control"]
    assert [entry.data.op for entry in recording.of(RequestSent)] == ["threads.list", "threads.create"]


@pytest.mark.parametrize(
    ("control", "actions", "op"),
    [
        ("regenerate", {"feedback": True, "retry": True}, "threads.retry_after_item"),
        ("regenerate", {"feedback": False, "retry": True}, "threads.retry_after_item"),
        ("thumbs-down", {"feedback": True, "retry": False}, "items.feedback"),
    ],
    ids=["regenerate beside feedback", "regenerate beside copy", "thumbs-down"],
)
def test_a_control_is_found_whatever_stands_beside_it(
    session_runner: SessionRunner, tmp_path: Path, control: str, actions: dict[str, bool], op: str
) -> None:
    recording = pressed(session_runner, tmp_path, control, {"threadItemActions": actions})
    assert [entry.data.op for entry in recording.of(RequestSent)] == ["threads.list", "threads.create", op]
