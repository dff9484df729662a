from __future__ import annotations

import json
import pwd
from pathlib import Path

import pytest

from chatkit_doctor.paths import NO_HOME
from chatkit_doctor.runtime.importing import import_snapshot
from chatkit_doctor.runtime.snapshot_index import Snapshot, snapshot_index, snapshots_dir
from tests.runtime.component import BUILD

pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def snapshot(saved: Path) -> Snapshot:
    return import_snapshot(saved).snapshot


def _edit_manifest(snapshot: Snapshot, **changes: object) -> None:
    path = snapshot.folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes), encoding="utf-8")


def test_an_empty_cache_has_no_snapshots() -> None:
    assert snapshot_index().snapshots == ()


def test_snapshots_lie_below_xdg_cache_home(cache: Path) -> None:
    assert snapshots_dir() == cache / "chatkit-doctor" / "runtimes"


def test_a_user_without_a_home_has_no_snapshots(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(number: int) -> pwd.struct_passwd:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert snapshots_dir().is_relative_to(NO_HOME)
    assert snapshot_index().snapshots == ()


def test_the_newest_import_comes_first(saved: Path, snapshot: Snapshot) -> None:
    _edit_manifest(snapshot, imported_at="2020-01-01T00:00:00+00:00")
    loader = saved / "vendor" / "chatkit.js"
    loader.write_text(loader.read_text() + "// newer", encoding="utf-8")
    newer = import_snapshot(saved).snapshot
    assert [found.id for found in snapshot_index().snapshots] == [newer.id, snapshot.id]


def test_what_was_imported_is_what_is_read(snapshot: Snapshot) -> None:
    assert snapshot_index().snapshots == (snapshot,)


def test_the_size_is_that_of_all_files(snapshot: Snapshot, saved: Path) -> None:
    foreign = (saved / "app.js").stat().st_size
    assert snapshot.size == sum(f.stat().st_size for f in saved.rglob("*") if f.is_file()) - foreign


def test_a_snapshot_with_a_file_gone_is_named_and_not_used(snapshot: Snapshot) -> None:
    snapshot.files["/assets/ck1/lazy-EEEEEEEE.js"].path.unlink()
    found = snapshot_index()
    assert (found.snapshots, "lazy-EEEEEEEE.js is missing" in found.unusable[0]) == ((), True)


def test_a_snapshot_with_a_broken_manifest_is_named_and_not_used(snapshot: Snapshot) -> None:
    (snapshot.folder / "manifest.json").write_text("{", encoding="utf-8")
    found = snapshot_index()
    assert (found.snapshots, "manifest is not valid" in found.unusable[0]) == ((), True)


def test_a_snapshot_of_a_newer_program_is_left_alone(snapshot: Snapshot) -> None:
    _edit_manifest(snapshot, schema=99)
    assert "newer program" in snapshot_index().unusable[0]


def test_a_manifest_cannot_lead_out_of_the_cache(snapshot: Snapshot) -> None:
    _edit_manifest(snapshot, files={"/../../../secret.js": {"size": 1, "sha256": ""}})
    assert snapshot_index().snapshots == ()


def test_an_import_that_never_came_to_its_end_is_not_seen(snapshot: Snapshot) -> None:
    snapshot.folder.rename(snapshot.folder.with_name(f".import-{BUILD}"))
    assert snapshot_index() == type(snapshot_index())((), ())
