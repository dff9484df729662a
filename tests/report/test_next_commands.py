"""What a report says is to be typed next."""

from __future__ import annotations

import shlex
from typing import Final

import pytest

from chatkit_doctor.recording.header import TargetInfo, TargetKind
from chatkit_doctor.report.next_commands import next_commands

URL: Final = "http://localhost:8000/chat kit?a=$(id)"


def commands(kind: TargetKind, *, cause: str | None = None, verdict: str = "fail") -> list[str]:
    target = TargetInfo(kind=kind, url=URL, name="seed/attempt-3")
    return [each.command for each in next_commands(verdict, cause, target)]


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("page", ["check", "--page", URL]),
        ("backend", ["check", "--backend", URL]),
        ("url", ["lint", URL]),
        ("stream", ["lint", URL]),
        ("scenario", ["run", "seed/attempt-3"]),
    ],
)
def test_the_same_is_looked_at_again_by_a_command_that_can_be_pasted(
    kind: TargetKind, typed: list[str]
) -> None:
    (again,) = commands(kind)
    assert shlex.split(again) == ["chatkit-doctor", *typed]


def test_a_cause_is_explained_first() -> None:
    assert commands("url", cause="wrong-dialect")[0] == "chatkit-doctor explain wrong-dialect"


def test_what_has_passed_leads_nowhere() -> None:
    assert commands("url", verdict="pass") == []


def test_a_recording_and_standard_input_cannot_be_looked_at_anew() -> None:
    assert commands("recording") == []
    assert next_commands("fail", None, TargetInfo(kind="stream", url="-")) == []
