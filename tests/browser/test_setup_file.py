"""A user's own steps before a page is examined."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.browser.setup_file import load_setup
from chatkit_doctor.browser.target import Address, prepared
from chatkit_doctor.errors import UsageError
from chatkit_doctor.gather.session_state import BrokeOff
from chatkit_doctor.recording.redaction import Redactor

NOBODY: Any = None


def written(folder: Path, text: str) -> Path:
    path = folder / "login.py"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def setup(page): ...", "this file has no `async def setup(page)`"),
        ("x = 1", "this file has no `async def setup(page)`"),
        ("import absent_module", "ModuleNotFoundError: No module named 'absent_module' (line 1)"),
        ("async def setup(page:", "SyntaxError"),
    ],
)
def test_what_is_no_setup_is_refused_with_its_reason(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_setup(written(tmp_path, text))
    assert said in refused.value.what


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        load_setup(tmp_path / "absent.py")


def test_a_setup_that_fails_breaks_the_session_off_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "async def setup(page):\n    raise ValueError('no such user')\n")
    target = Address("http://localhost:3000", setup=load_setup(path))
    with pytest.raises(BrokeOff, match=r"the setup failed: ValueError: no such user \(line 2\)"):
        asyncio.run(prepared(target, NOBODY, Redactor()))
