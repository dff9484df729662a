"""Pictures in a document: which are let in, and how much room they have."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from chatkit_doctor.report.pictures import MAX_PICTURE, Pictures
from tests.report import examples

JPEG = b"\xff\xd8\xff\xe0" + bytes(60)


def test_a_picture_is_handed_out_with_all_its_bytes(tmp_path: Path) -> None:
    examples.picture(tmp_path / "a.png")
    kind, _, data = str(Pictures(tmp_path).uri("a.png")).partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data) == (tmp_path / "a.png").read_bytes()


def test_what_a_picture_is_its_bytes_say_and_not_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(JPEG)
    (tmp_path / "b.png").write_text("<svg onload='alert(1)'/>")
    pictures = Pictures(tmp_path)
    assert str(pictures.uri("a.png")).startswith("data:image/jpeg;")
    assert pictures.uri("b.png") is None


@pytest.mark.parametrize("file", ["../a.png", "/etc/passwd", "missing.png", "folder", ""])
def test_only_files_of_the_folder_are_read(tmp_path: Path, file: str) -> None:
    examples.picture(tmp_path / "a.png")
    (tmp_path / "in" / "folder").mkdir(parents=True)
    assert Pictures(tmp_path / "in").uri(file) is None


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    examples.picture(tmp_path / "a.png")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.png").symlink_to(tmp_path / "a.png")
    assert Pictures(tmp_path / "in").uri("b.png") is None


def test_a_picture_that_is_too_large_is_left_out_and_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jpeg").write_bytes(JPEG + bytes(MAX_PICTURE))
    pictures = Pictures(tmp_path)
    assert (pictures.uri("a.jpeg"), pictures.left_out) == (None, 1)


def test_who_asks_first_gets_the_room(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(JPEG)
    pictures = Pictures(tmp_path, budget=2 * len(JPEG))
    got = [name for name in "abac" if pictures.uri(name)]
    assert (got, pictures.left_out) == (["a", "b", "a"], 1)
