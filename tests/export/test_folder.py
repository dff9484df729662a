"""Nothing of someone else's is overwritten or removed by an export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatkit_doctor.errors import UsageError
from chatkit_doctor.export.folder import require_free, write

FILES = {"repaired.yaml": b"title: x\n", "answers/1-threads.create.http": b"HTTP/1.1 200\n\n"}


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_new_folder_gets_the_files_and_their_list(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b", FILES, {"causes": ["wrong-dialect"]})
    assert files_in(tmp_path / "a" / "b") == ["answers/1-threads.create.http", "export.json", "repaired.yaml"]


def test_an_earlier_export_makes_way_and_what_was_added_to_it_stays(tmp_path: Path) -> None:
    write(tmp_path, FILES, {})
    (tmp_path / "notes.txt").write_text("mine")
    write(tmp_path, {"repaired.yaml": b"title: y\n"}, {})
    assert files_in(tmp_path) == ["export.json", "notes.txt", "repaired.yaml"]
    assert (tmp_path / "repaired.yaml").read_bytes() == b"title: y\n"


def test_the_exports_of_several_sessions_make_way_for_others(tmp_path: Path) -> None:
    write(tmp_path / "seed" / "one", FILES, {})
    write(tmp_path / "two", FILES, {})
    require_free(tmp_path)
    (tmp_path / "seed" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="that chatkit-doctor did not write"):
        require_free(tmp_path)


def test_a_folder_with_other_files_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text("mine")
    with pytest.raises(UsageError, match="that chatkit-doctor did not write"):
        write(tmp_path, {"server.py": b"ours"}, {})
    assert (tmp_path / "server.py").read_text() == "mine"
    assert files_in(tmp_path) == ["server.py"]


def test_a_file_and_a_link_are_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("file", "link"):
        with pytest.raises(UsageError, match="this is not a folder"):
            require_free(tmp_path / name)


@pytest.mark.parametrize("name", ["../mine.txt", "/etc/hostname", "a/../../mine.txt", "linked/mine.txt"])
def test_a_list_of_files_that_was_changed_removes_nothing_elsewhere(name: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    write(tmp_path / "out", FILES, {})
    (tmp_path / "out" / "linked").symlink_to(tmp_path)
    manifest = tmp_path / "out" / "export.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"files": [name, 7]}))
    write(tmp_path / "out", FILES, {})
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert Path("/etc/hostname").exists()


def test_a_link_in_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    write(tmp_path / "out", {}, {})
    (tmp_path / "out" / "repaired.yaml").symlink_to(tmp_path / "mine.txt")
    write(tmp_path / "out", FILES, {})
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert not (tmp_path / "out" / "repaired.yaml").is_symlink()
