"""A saved context is read with care, and written for its owner alone."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.browser.storage_state import read_state, stored_secrets, write_state
from chatkit_doctor.errors import UsageError

STATE: dict[str, Any] = {
    "cookies": [{"name": "session", "value": "c0okie-1234", "domain": "localhost", "path": "/"}],
    "origins": [
        {
            "origin": "http://localhost:3000",
            "localStorage": [
                {"name": "auth", "value": json.dumps({"user": {"token": "t0ken-5678"}, "roles": ["r0le-9"]})},
                {"name": "theme", "value": "dark"},
            ],
        }
    ],
}


def written(folder: Path, text: str) -> Path:
    path = folder / "state.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_playwright_saved_is_read(tmp_path: Path) -> None:
    state: Any = read_state(written(tmp_path, json.dumps(STATE)))
    assert state["cookies"][0]["value"] == "c0okie-1234"
    assert state["origins"][0]["localStorage"][1] == {"name": "theme", "value": "dark"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cookies", "it is not JSON"),
        ("[]", "not a Playwright storage state"),
        ('{"cookies": [{"value": "x"}]}', "cookies.0.name: Field required"),
        ('{"cookies": "x"}', "cookies: Input should be a valid list"),
    ],
)
def test_what_is_none_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_state(written(tmp_path, text))
    assert said in refused.value.what


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the file cannot be read: No such file"):
        read_state(tmp_path / "absent.json")


def test_every_text_of_it_can_be_masked() -> None:
    state: Any = STATE
    assert sorted(stored_secrets(state)) == ["c0okie-1234", "dark", "r0le-9", "t0ken-5678"]


def test_nobody_else_can_read_what_is_written(tmp_path: Path) -> None:
    path = written(tmp_path, "before")
    path.chmod(0o644)
    state: Any = STATE
    write_state(state, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text(encoding="utf-8")) == STATE
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    state: Any = STATE
    with pytest.raises(UsageError, match="the file cannot be written: No such file"):
        write_state(state, tmp_path / "absent" / "state.json")
