"""The machine that browsers are looked for on."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from chatkit_doctor.browser.machine import Machine
from chatkit_doctor.paths import NO_HOME


def test_a_user_without_a_home_has_one_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that is run under any number."""

    def nobody(number: int) -> pwd.struct_passwd:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.delenv("HOME")
    assert Machine.this().home == NO_HOME
    assert not NO_HOME.exists()


def test_the_current_folder_may_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert Machine.this().root == Path(os.sep)
