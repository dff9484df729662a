from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from chatkit_doctor.errors import RuntimeSourceError
from chatkit_doctor.runtime.importing import import_snapshot
from chatkit_doctor.runtime.snapshot_index import snapshot_index
from tests.runtime.component import BUILD, DOCUMENT, LOADER, write_component

pytestmark = pytest.mark.usefixtures("cache")


def test_every_part_is_kept_at_its_url_wherever_in_the_folder_it_lay(saved: Path) -> None:
    assert set(import_snapshot(saved).snapshot.files) == {
        "/deployments/chatkit/chatkit.js",
        f"/deployments/chatkit/{DOCUMENT}",
        "/assets/ck1/index-AAAAAAAA.js",
        "/assets/ck1/index-BBBBBBBB.css",
        "/assets/ck1/shared-CCCCCCCC.js",
        "/assets/ck1/lazy-EEEEEEEE.js",
        "/assets/ck1/locale-FFFFFFFF.js",
    }


def test_a_flat_folder_does_as_well(saved: Path, tmp_path: Path) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    for file in saved.rglob("*"):
        if file.is_file():
            shutil.copy(file, flat)
    assert set(import_snapshot(flat).snapshot.files) == set(import_snapshot(saved).snapshot.files)


def test_the_bytes_are_kept_as_they_were(saved: Path) -> None:
    snapshot = import_snapshot(saved).snapshot
    loader = snapshot.files["/deployments/chatkit/chatkit.js"].path.read_bytes()
    assert loader == (saved / "vendor" / "chatkit.js").read_bytes()


def test_a_snapshot_is_known_by_loader_hash_and_frame_build(saved: Path) -> None:
    snapshot = import_snapshot(saved).snapshot
    assert (snapshot.loader_sha256, snapshot.frame_build) == (
        hashlib.sha256(LOADER.encode()).hexdigest(),
        BUILD,
    )


def test_missing_files_are_counted_and_named(saved: Path) -> None:
    imported = import_snapshot(saved)
    assert (imported.missing, set(imported.examples)) == (
        2,
        {"/assets/ck1/icon-DDDDDDDD.js", "/assets/ck1/favicon-AAAAAAAA.ico"},
    )


def test_what_importers_use_of_a_missing_chunk_is_remembered(saved: Path) -> None:
    assert import_snapshot(saved).snapshot.missing["/assets/ck1/icon-DDDDDDDD.js"] == ("Star",)


def test_importing_again_replaces_the_snapshot(saved: Path) -> None:
    import_snapshot(saved)
    (saved / "assets" / "ck1" / "icon-DDDDDDDD.js").write_text("export const Star = 1;", encoding="utf-8")
    import_snapshot(saved)
    assert [len(snapshot.missing) for snapshot in snapshot_index().snapshots] == [1]


def test_an_import_leaves_nothing_else_in_the_cache(saved: Path, cache: Path) -> None:
    snapshot = import_snapshot(saved).snapshot
    import_snapshot(saved)
    assert [path.name for path in (cache / "chatkit-doctor" / "runtimes").iterdir()] == [snapshot.id]


@pytest.mark.parametrize(
    ("part", "complaint"),
    [
        ("vendor/chatkit.js", "it contains no chatkit.js"),
        (f"vendor/{DOCUMENT}", f"loads {DOCUMENT}, which is not there"),
        ("assets/ck1/index-AAAAAAAA.js", "loads /assets/ck1/index-AAAAAAAA.js, which is not there"),
        ("assets/ck1/index-BBBBBBBB.css", "loads /assets/ck1/index-BBBBBBBB.css, which is not there"),
        ("assets/ck1/shared-CCCCCCCC.js", "imports /assets/ck1/shared-CCCCCCCC.js, which is not there"),
    ],
)
def test_a_part_without_which_the_chat_cannot_start_is_asked_for(
    saved: Path, part: str, complaint: str
) -> None:
    (saved / part).unlink()
    with pytest.raises(RuntimeSourceError) as caught:
        import_snapshot(saved)
    assert complaint in caught.value.what


@pytest.mark.parametrize(
    ("part", "content", "complaint"),
    [
        ("vendor/chatkit.js", "console.log('other')", "does not define <openai-chatkit>"),
        ("vendor/chatkit.js", LOADER.replace(DOCUMENT, "index.html"), "names no frame document"),
        ("vendor/chatkit.js", LOADER.replace(BUILD, "Other1build"), "belongs to another build"),
        ("vendor/chatkit.js", LOADER.replace(BUILD, "reference"), "the reference component"),
        (f"vendor/{DOCUMENT}", "<h1>Just a moment</h1>", "loads no script"),
        ("assets/ck1/index-AAAAAAAA.js", "<!doctype html><h1>404</h1>", "is an HTML page, not a script"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(
    saved: Path, part: str, content: str, complaint: str
) -> None:
    (saved / part).write_text(content, encoding="utf-8")
    with pytest.raises(RuntimeSourceError) as caught:
        import_snapshot(saved)
    assert complaint in caught.value.what


def test_two_different_copies_in_one_folder_are_refused(tmp_path: Path) -> None:
    write_component(tmp_path / "both" / "one")
    other = write_component(tmp_path / "both" / "two")
    (other / "vendor" / "chatkit.js").write_text(LOADER + "// newer", encoding="utf-8")
    with pytest.raises(RuntimeSourceError, match="different loaders"):
        import_snapshot(tmp_path / "both")


@pytest.mark.parametrize("name", ["nowhere", "a-file"])
def test_a_path_that_is_no_folder_is_said_to_be_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(RuntimeSourceError, match=r"no such folder|not a folder"):
        import_snapshot(tmp_path / name)


def test_a_failed_import_leaves_the_cache_as_it_was(saved: Path) -> None:
    before = import_snapshot(saved).snapshot
    (saved / "assets" / "ck1" / "index-AAAAAAAA.js").unlink()
    with pytest.raises(RuntimeSourceError):
        import_snapshot(saved)
    assert snapshot_index().snapshots == (before,)


def test_a_cache_that_cannot_be_written_is_said_so(saved: Path, cache: Path) -> None:
    cache.write_text("a file in the place of the folder", encoding="utf-8")
    with pytest.raises(RuntimeSourceError, match="could not be written"):
        import_snapshot(saved)
