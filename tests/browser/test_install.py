from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.browser.find import OVERRIDE
from chatkit_doctor.browser.install import install, main


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a browser."""
    path = tmp_path / "browser"
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv(OVERRIDE, str(path))
    return path


def test_nothing_is_done_when_there_is_a_browser(there: Path) -> None:
    said: list[str] = []
    assert (install(said.append).executable, said) == (there, [])


def test_the_command_names_the_browser_that_is_there(there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(), str(there) in capsys.readouterr().out) == (0, True)


def test_the_command_fails_with_2_and_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(OVERRIDE, "/nowhere")
    assert (main(), capsys.readouterr().err.count("\n")) == (2, 1)
