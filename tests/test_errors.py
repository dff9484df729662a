"""An error quotes what others wrote; on a terminal nothing of that acts or hides."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chatkit_doctor.cli import main as command
from chatkit_doctor.errors import DoctorError

HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202egpj\u200b\u2066\r"


def test_where_what_and_what_to_do_next() -> None:
    error = DoctorError("it is broken", where="a file", hint="Fix it.")
    assert (error.headline, error.advice, str(error)) == (
        "a file: it is broken",
        "Fix it.",
        "a file: it is broken\nFix it.",
    )
    assert str(DoctorError("it is broken")) == "it is broken"


def test_nothing_in_an_error_acts_on_the_terminal() -> None:
    shown = str(DoctorError(HOSTILE, where=f"{HOSTILE}\nname", hint=HOSTILE))
    assert "\x1b" not in shown
    assert all(c.isprintable() for c in shown if c != "\n")
    assert "␛[2J␛]0;owned␇" in shown


def test_a_place_is_on_one_line_and_what_is_said_may_take_several() -> None:
    error = DoctorError("first\nsecond", where="a\nfile")
    assert error.headline == "a file: first\nsecond"


def test_a_name_without_an_end_is_cut_off() -> None:
    assert len(str(DoctorError("x" * 5_000, where="y" * 5_000, hint="z" * 5_000))) < 6_200


@pytest.mark.parametrize("name", [f"{HOSTILE}.har", "new\nline", "x" * 5_000], ids=["acts", "lines", "long"])
def test_the_command_says_one_sentence_about_a_strange_name(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", command.__name__, "lint", str(tmp_path / name)],
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == command.UNABLE
    assert len(done.stderr.splitlines()) == 2
    assert done.stderr.startswith("Error: ")
    assert all(c.isprintable() for c in done.stderr.replace("\n", ""))
