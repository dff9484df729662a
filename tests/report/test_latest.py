"""``latest`` leads to a run that has finished, and to one at any moment."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from chatkit_doctor.report.build import build_run
from chatkit_doctor.report.folder import LATEST, link_latest, new_folder
from tests.report.examples import attempt_3
from tests.written import write_run

RUN = build_run([attempt_3()], duration_ms=1)


def test_a_finished_run_is_the_latest(tmp_path: Path) -> None:
    for name in ("first", "second"):
        folder = new_folder(tmp_path, name)
        write_run(RUN, folder)
        assert (tmp_path / LATEST).resolve() == folder.resolve()


def test_an_interrupted_run_takes_nothing_away(tmp_path: Path) -> None:
    finished, interrupted = new_folder(tmp_path, "finished"), new_folder(tmp_path, "interrupted")
    write_run(RUN, finished)
    write_run(RUN, interrupted, interrupted=True)
    assert (interrupted / "report.json").is_file()
    assert (tmp_path / LATEST).resolve() == finished.resolve()


@pytest.mark.parametrize("by_its_link", [False, True], ids=["the folder itself", "a link to it"])
def test_a_folder_that_is_called_latest_stays_as_it_is(tmp_path: Path, *, by_its_link: bool) -> None:
    """A merge may be told to write there, and a report may be named by its link."""
    folder = tmp_path / ("a-run" if by_its_link else LATEST)
    folder.mkdir()
    (folder / "report.json").write_text("{}", encoding="utf-8")
    if by_its_link:
        link_latest(folder)
    link_latest(tmp_path / LATEST)
    assert (tmp_path / LATEST / "report.json").read_text(encoding="utf-8") == "{}"


def test_it_is_there_at_every_moment_while_others_replace_it(tmp_path: Path) -> None:
    folders = [new_folder(tmp_path, name) for name in ("a", "b")]
    link_latest(folders[0])

    def replace(folder: Path) -> None:
        for _ in range(200):
            link_latest(folder)

    threads = [threading.Thread(target=replace, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    seen = set()
    while any(thread.is_alive() for thread in threads):
        seen.add((tmp_path / LATEST).resolve(strict=True))
    assert seen <= {folder.resolve() for folder in folders}
    assert {path.name for path in tmp_path.iterdir()} == {LATEST, *(folder.name for folder in folders)}


def test_where_links_are_not_allowed_the_report_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_args: object, **_options: object) -> None:
        raise OSError("links are not allowed here")

    monkeypatch.setattr(Path, "symlink_to", refused)
    for name in ("first", "second"):
        folder = new_folder(tmp_path, name)
        write_run(RUN, folder)
        (folder / name).touch()
        link_latest(folder)
    assert (tmp_path / LATEST / "second").is_file()
    assert not (tmp_path / LATEST / "first").exists()
