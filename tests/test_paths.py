from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor import paths


def test_a_checkout_has_its_scenarios_beside_the_package() -> None:
    assert (paths.scenarios_dir() / "seed" / "attempt-3.yaml").is_file()


def test_a_checkout_has_its_static_files_beside_the_package() -> None:
    assert (paths.static_dir() / "host").is_dir()


def test_an_installed_package_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "chatkit_doctor" / "_static").mkdir(parents=True)
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "chatkit_doctor")
    assert paths.static_dir() == tmp_path / "chatkit_doctor" / "_static"
