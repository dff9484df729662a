"""A client secret of hosted mode appears in no artifact, the unpacked trace included."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.recording.entries import SecretGiven
from chatkit_doctor.recording.reader import load
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.steps import Send
from tests.artifacts import contents
from tests.session_runner import SessionRunner
from tests.written import write

pytestmark = pytest.mark.browser

SECRET: Final = re.compile(rb"ek_\w{8}|eyJleHBpcmVzX2F0")
"""How the host's secrets begin, and what their second half is in base64: {"expires_at."""


def test_it_is_given_and_appears_nowhere(session_runner: SessionRunner, tmp_path: Path) -> None:
    scenario = Scenario(title="x", page=PageSetup(client_secret="given"), steps=[Send(text="Hello")])
    write(session_runner.diagnose(scenario, tmp_path, trace=True), tmp_path)
    recording = load(tmp_path)
    assert {entry.data.what for entry in recording.of(SecretGiven)} == {"text"}
    assert any(name.startswith("trace.zip/") for name, _ in contents(tmp_path))
    assert [name for name, data in contents(tmp_path) if SECRET.search(data)] == []
