"""A folder of a stranger's: whatever is in it, one sentence, and nothing outside it is read."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor.cli import main as command
from chatkit_doctor.errors import RuntimeSourceError
from chatkit_doctor.runtime import component_files, importing, references, snapshot_index, source_folder
from chatkit_doctor.runtime.importing import import_snapshot
from chatkit_doctor.runtime.snapshot_index import Manifest, Snapshot
from chatkit_doctor.runtime.source_folder import SourceFolder
from tests.runtime.component import DOCUMENT, LOADER, MAIN, write_component

pytestmark = pytest.mark.usefixtures("cache")

LAZY: Final = "assets/ck1/lazy-EEEEEEEE.js"
MAIN_SCRIPT: Final = "assets/ck1/index-AAAAAAAA.js"
MEMORY: Final = 1024 * 1024 * 1024


def refusal(folder: Path) -> str:
    """What an import of the folder is refused with."""
    with pytest.raises(RuntimeSourceError) as caught:
        import_snapshot(folder)
    return str(caught.value)


def said(folder: Path, limit: Callable[[], None] = lambda: None) -> str:
    """What the command says of a folder that it cannot use; it must come to an end by itself."""
    done = subprocess.run(
        [sys.executable, "-m", command.__name__, "runtime", "import", str(folder)],
        capture_output=True,
        check=False,
        timeout=120,
        text=True,
        encoding="utf-8",
        preexec_fn=limit,
    )
    assert done.returncode == command.UNABLE
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.splitlines()) <= 2
    assert all(c.isprintable() for c in done.stderr.replace("\n", ""))
    return done.stderr


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A whole component that is none of the folder's business."""
    return write_component(tmp_path / "outside")


# Links


def test_a_link_out_of_the_folder_is_not_followed(saved: Path, outside: Path) -> None:
    (saved / "vendor" / "chatkit.js").unlink()
    (saved / "vendor" / "chatkit.js").symlink_to(outside / "vendor" / "chatkit.js")
    assert "chatkit.js in it is a link that points outside the folder" in refusal(saved)


def test_what_a_link_out_of_the_folder_stands_for_is_missing(saved: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.js"
    secret.write_text("export default 'secret'", encoding="utf-8")
    (saved / LAZY).unlink()
    (saved / LAZY).symlink_to(secret)
    (saved / "assets" / "ck1" / "other-GGGGGGGG.js").symlink_to("/etc/passwd")
    snapshot = import_snapshot(saved).snapshot
    assert f"/{LAZY}" in snapshot.missing
    assert not any("other" in path for path in snapshot.files)


def test_a_folder_that_is_a_link_is_not_entered(saved: Path, outside: Path) -> None:
    (saved / MAIN_SCRIPT).unlink()
    (saved / "more").symlink_to(outside, target_is_directory=True)
    assert "index-AAAAAAAA.js, which is not there" in refusal(saved)


def test_a_circle_of_links_leads_nowhere(saved: Path) -> None:
    (saved / LAZY).unlink()
    (saved / LAZY).symlink_to("lazy-EEEEEEEE.js")
    (saved / "again").symlink_to(saved, target_is_directory=True)
    assert f"/{LAZY}" in import_snapshot(saved).snapshot.missing


def test_a_link_inside_of_the_folder_is_what_it_stands_for(saved: Path) -> None:
    (saved / LAZY).rename(saved / "lazy.txt")
    (saved / LAZY).symlink_to(saved / "lazy.txt")
    file = import_snapshot(saved).snapshot.files[f"/{LAZY}"]
    assert (file.path.read_text(), file.path.is_symlink()) == ("export default 2;", False)


def test_the_folder_itself_may_be_given_by_a_link(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(saved, target_is_directory=True)
    assert import_snapshot(tmp_path / "link").snapshot.files


# What is not a file


def fifo(path: Path) -> None:
    os.mkfifo(path)


def local_socket(path: Path) -> None:
    # The address of a socket must be short.
    short = Path(os.path.relpath(path))
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(short) if len(str(short)) < 100 else str(path))


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [fifo, local_socket, device, folder])
@pytest.mark.parametrize(
    "part", ["vendor/chatkit.js", f"vendor/{DOCUMENT}", MAIN_SCRIPT, "assets/ck1/shared-CCCCCCCC.js"]
)
def test_what_is_no_regular_file_is_never_opened(
    saved: Path, part: str, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir((saved / part).parent)
    (saved / part).unlink()
    make(saved / part)
    shown = said(saved)
    assert Path(part).name in shown
    assert "not there" in shown or "contains no chatkit.js" in shown


def swapped_for_a_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def swapped_for_a_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize("swap", [swapped_for_a_fifo, swapped_for_a_link])
def test_a_file_that_is_swapped_after_it_was_looked_at_is_not_read(
    saved: Path, swap: Callable[[Path], None]
) -> None:
    source = SourceFolder(saved)
    (path,) = source.named("app.js")
    swap(path)
    refused: list[BaseException] = []

    def read() -> None:
        try:
            source.read(path)
        except (RuntimeSourceError, OSError) as error:
            refused.append(error)

    # One that waits for a writer would wait for ever.
    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    reading.join(30)
    assert len(refused) == 1


def test_a_file_that_changes_while_it_is_imported_is_said_to(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(manifest: Manifest, contents: Iterable[tuple[str, bytes]]) -> Snapshot:
        (saved / LAZY).write_text("export default 3;", encoding="utf-8")
        return snapshot_index.add(manifest, contents)

    monkeypatch.setattr(importing, "add", late)
    assert "it changed during the import" in refusal(saved)


# Limits


def test_a_folder_of_too_many_files_is_refused(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_folder, "MAX_ENTRIES", 12)
    import_snapshot(saved)
    (saved / "one" / "more").mkdir(parents=True)
    assert "more than 12 files and folders" in refusal(saved)


def test_a_file_that_is_too_large_is_refused_unread(saved: Path) -> None:
    with (saved / MAIN_SCRIPT).open("wb") as file:
        file.truncate(1024**4)  # takes no room
    shown = said(saved, limit=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)))
    assert "index-AAAAAAAA.js is larger than 16 MB" in shown


def test_no_more_is_read_than_the_limit_for_all_files(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_folder, "MAX_BYTES", 2 * 1024 * 1024)
    import_snapshot(saved)
    (saved / LAZY).write_bytes(b"/" * 1024 * 1024)
    assert "more than 2 MB would have to be read" in refusal(saved)


def test_the_time_of_an_import_has_a_limit(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_folder, "LIMIT_S", 0.0)
    assert "took longer than 0 s" in refusal(saved)


def test_a_component_of_too_many_parts_is_refused(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(component_files, "MAX_PARTS", 9)
    import_snapshot(saved)
    (saved / LAZY).write_text('import("./one.js")', encoding="utf-8")
    assert "refers to more than 9 files" in refusal(saved)


def test_a_script_of_too_many_references_is_refused(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "MAX_REFERENCES", 3)
    import_snapshot(saved)
    (saved / LAZY).write_text('import("./index-AAAAAAAA.js");' * 4, encoding="utf-8")
    assert "lazy-EEEEEEEE.js refers to other files more than 3 times" in refusal(saved)


def test_many_files_of_one_name_are_refused(saved: Path) -> None:
    for number in range(101):
        (saved / f"copy-{number}").mkdir()
        (saved / f"copy-{number}" / "lazy-EEEEEEEE.js").touch()
    assert "there are 102 files named lazy-EEEEEEEE.js" in refusal(saved)


# Names


@pytest.mark.parametrize(
    "name",
    [
        b"\x1b[31mred\x07.js",
        b"new\nline.js",
        b"\xff\xfe.js",
        "\u202egpj\u200b.js".encode(),
        b"'; rm -rf ~; '",
    ],
)
def test_a_strange_name_does_no_harm(saved: Path, name: bytes) -> None:
    strange = saved / "vendor" / os.fsdecode(name)
    strange.mkdir()
    (saved / "vendor" / "chatkit.js").rename(strange / "chatkit.js")
    assert import_snapshot(saved).snapshot.files
    (saved / "vendor" / "chatkit.js").write_text(LOADER + "// another", encoding="utf-8")
    assert "it contains different loaders" in said(saved)


def test_a_path_of_5000_characters_is_none(tmp_path: Path) -> None:
    assert "there is no such folder" in said(tmp_path / ("x" * 5_000))


@pytest.mark.parametrize(
    "specifier",
    [
        "../../../../../etc/passwd.js",
        "./" + "a" * 900 + ".js",
        "./" + "a/" * 450 + "lazy-EEEEEEEE.js",
        "/..js/x.js",
    ],
    ids=["up", "long", "deep", "dots"],
)
def test_a_strange_reference_stays_inside_of_the_cache(saved: Path, cache: Path, specifier: str) -> None:
    (saved / MAIN_SCRIPT).write_text(f'{MAIN}import("{specifier}");', encoding="utf-8")
    snapshot = import_snapshot(saved).snapshot
    kept = {path.relative_to(snapshot.folder / "files") for path in (cache).rglob("*.js")}
    assert {f"/{path}" for path in kept} == {path for path in snapshot.files if path.endswith(".js")}


def test_a_part_below_another_part_is_one_sentence(saved: Path) -> None:
    inner = f"./{Path(LAZY).name}/locale-FFFFFFFF.js"
    (saved / MAIN_SCRIPT).write_text(f'{MAIN}import("{inner}");', encoding="utf-8")
    assert "the snapshot could not be written" in said(saved)


# Text that takes long to read


def _huge() -> Iterator[tuple[str, str]]:
    size = 2_000_000
    for piece in (
        "import ",
        "import{",
        "export a,",
        'from"/',
        " " * 50 + "from",
        'import("./x.js"),[',
        'import("./x.js").then(({',
        "{",
        "m.f=[",
        'new URL("',
        'import"/',
        "index-",
        "<a ",
        "<script ",
        "<!--",
        "</",
        "url(",
    ):
        yield piece.strip() or "spaces", piece * (size // len(piece))
    yield "import and spaces", "import" + " " * size
    yield "a long specifier", f'import"./{"a" * size}.js"'
    yield "url and spaces", "url(" + " " * size


def test_no_text_takes_longer_than_its_length_asks_for(saved: Path, tmp_path: Path) -> None:
    """Each of these took minutes or hours where it was read by a pattern that begins again and again."""
    for number, (_, text) in enumerate(_huge()):
        (saved / "assets" / "ck1" / f"huge-{number:08d}.js").write_text(f"//{text}", encoding="utf-8")
        (saved / "assets" / "ck1" / f"huge-{number:08d}.css").write_text(text, encoding="utf-8")
    document = saved / "vendor" / DOCUMENT
    document.write_text(document.read_text() + "<a " * 700_000, encoding="utf-8")
    loader = saved / "vendor" / "chatkit.js"
    loader.write_text(loader.read_text() + "index-" * 300_000, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", command.__name__, "runtime", "import", str(saved)],
        capture_output=True,
        check=False,
        timeout=300,
        text=True,
    )
    # Whether it is imported, or refused for its many references: it ends.
    assert done.returncode in {0, command.UNABLE}, done.stderr
    assert "Traceback" not in done.stderr


# What cannot be read or written


def test_a_file_that_cannot_be_read_is_named(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def refused(path: str, *more: int) -> int:
        if str(path).endswith("lazy-EEEEEEEE.js"):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *more)

    monkeypatch.setattr(os, "open", refused)
    shown = refusal(saved)
    assert "a file cannot be read (Permission denied)" in shown
    assert "lazy-EEEEEEEE.js" in shown


def test_a_disk_that_is_full_leaves_nothing_behind(saved: Path, cache: Path) -> None:
    before = import_snapshot(saved).snapshot
    (saved / LAZY).write_bytes(b"/" * 100_000)
    shown = said(saved, limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)))
    assert "the snapshot could not be written" in shown
    assert "Free disk space there" in shown
    assert list((cache / "chatkit-doctor" / "runtimes").iterdir()) == [before.folder]


def test_a_cache_that_cannot_be_listed_is_said_so(cache: Path) -> None:
    (cache / "chatkit-doctor").mkdir(parents=True)
    (cache / "chatkit-doctor" / "runtimes").write_text("a file", encoding="utf-8")
    found = snapshot_index.snapshot_index()
    assert (found.snapshots, "cannot be read" in found.unusable[0]) == ((), True)


# At the same time


def test_imports_at_once_do_not_disturb_each_other(saved: Path, outside: Path, cache: Path) -> None:
    """Two copies of the same build with other content: at every moment there is a whole one."""
    (outside / LAZY).write_text("export default 'other';", encoding="utf-8")
    import_snapshot(saved)
    failures: list[BaseException] = []
    is_over = threading.Event()

    def again(folder: Path) -> None:
        try:
            for _ in range(15):
                import_snapshot(folder)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    def look() -> None:
        while not is_over.is_set():
            found = snapshot_index.snapshot_index()
            if not found.snapshots or found.unusable:
                failures.append(AssertionError(found))

    importers = [threading.Thread(target=again, args=(each,)) for each in (saved, outside, saved, outside)]
    looker = threading.Thread(target=look)
    for thread in (looker, *importers):
        thread.start()
    for thread in importers:
        thread.join()
    is_over.set()
    looker.join()
    assert failures == []
    (only,) = snapshot_index.snapshot_index().snapshots
    assert list((cache / "chatkit-doctor" / "runtimes").iterdir()) == [only.folder]


def test_what_a_killed_import_left_is_cleared_away_by_a_later_one(saved: Path, cache: Path) -> None:
    root = cache / "chatkit-doctor" / "runtimes"
    for name in (".import-old", ".import-new"):
        (root / name / "new").mkdir(parents=True)
    os.utime(root / ".import-old", (0, 0))
    snapshot = import_snapshot(saved).snapshot
    assert {path.name for path in root.iterdir()} == {".import-new", snapshot.id}
