from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from chatkit_doctor.browser.find import OVERRIDE, FoundBrowser, find, require, version_of
from chatkit_doctor.browser.machine import Machine
from chatkit_doctor.errors import BrowserError, UsageError


def _executable(path: Path, content: str = "#!/bin/sh\necho Pretended 1.2.3\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def _linux(root: Path, **environ: str) -> Machine:
    return Machine("linux", {"HOME": str(root / "home"), "PATH": str(root / "bin"), **environ}, root)


def _of_playwright(root: Path, revision: int, *, whole: bool = True) -> Path:
    folder = root / "home" / ".cache" / "ms-playwright" / f"chromium-{revision}"
    executable = _executable(folder / "chrome-linux64" / "chrome")
    if whole:
        (folder / "INSTALLATION_COMPLETE").touch()
    return executable


def _shell_of_playwright(root: Path, revision: int) -> Path:
    folder = root / "home" / ".cache" / "ms-playwright" / f"chromium_headless_shell-{revision}"
    executable = _executable(folder / "chrome-headless-shell-linux64" / "chrome-headless-shell")
    (folder / "INSTALLATION_COMPLETE").touch()
    return executable


def _found(browser: FoundBrowser | None) -> tuple[str, Path]:
    assert browser is not None
    return browser.name, browser.executable


def test_a_machine_without_a_browser_has_none(tmp_path: Path) -> None:
    assert find(machine=_linux(tmp_path)) is None


def test_playwrights_own_browser_comes_before_an_installed_chrome(tmp_path: Path) -> None:
    _executable(tmp_path / "opt/google/chrome/chrome")
    ours = _of_playwright(tmp_path, 1200)
    assert _found(find(machine=_linux(tmp_path))) == ("playwright", ours)


def test_chrome_comes_before_chromium_and_edge(tmp_path: Path) -> None:
    _executable(tmp_path / "bin/chromium")
    _executable(tmp_path / "opt/microsoft/msedge/msedge")
    chrome = _executable(tmp_path / "opt/google/chrome/chrome")
    assert _found(find(machine=_linux(tmp_path))) == ("chrome", chrome)


def test_chromium_comes_before_edge(tmp_path: Path) -> None:
    _executable(tmp_path / "opt/microsoft/msedge/msedge")
    chromium = _executable(tmp_path / "bin/chromium")
    assert _found(find(machine=_linux(tmp_path))) == ("chromium", chromium)


def test_edge_is_found_when_there_is_nothing_else(tmp_path: Path) -> None:
    edge = _executable(tmp_path / "bin/microsoft-edge-stable")
    assert _found(find(machine=_linux(tmp_path))) == ("msedge", edge)


def test_a_channel_asked_for_is_taken_before_a_better_one(tmp_path: Path) -> None:
    _of_playwright(tmp_path, 1200)
    chromium = _executable(tmp_path / "bin/chromium")
    assert _found(find("chromium", machine=_linux(tmp_path))) == ("chromium", chromium)


def test_a_channel_asked_for_is_not_replaced_by_another(tmp_path: Path) -> None:
    _executable(tmp_path / "bin/chromium")
    assert find("chrome", machine=_linux(tmp_path)) is None


def test_an_unknown_channel_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find("netscape", machine=_linux(tmp_path))
    assert "chromium" in caught.value.hint


def test_the_newest_of_several_playwright_browsers_is_taken(tmp_path: Path) -> None:
    _of_playwright(tmp_path, 999)
    newest = _of_playwright(tmp_path, 1000)
    assert _found(find(machine=_linux(tmp_path))) == ("playwright", newest)


def test_playwrights_headless_shell_comes_before_its_browser_of_the_same_revision(tmp_path: Path) -> None:
    whole = _of_playwright(tmp_path, 1200)
    shell = _shell_of_playwright(tmp_path, 1200)
    assert _found(find(machine=_linux(tmp_path))) == ("playwright", shell)
    assert _found(find(headed=True, machine=_linux(tmp_path))) == ("playwright", whole)


def test_an_older_headless_shell_comes_after_a_newer_browser(tmp_path: Path) -> None:
    newest = _of_playwright(tmp_path, 1200)
    _shell_of_playwright(tmp_path, 999)
    assert _found(find(machine=_linux(tmp_path))) == ("playwright", newest)


def test_the_systems_headless_shell_comes_before_its_chromium_and_has_no_windows(tmp_path: Path) -> None:
    chromium = _executable(tmp_path / "bin/chromium")
    shell = _executable(tmp_path / "bin/chromium-headless-shell")
    assert _found(find(machine=_linux(tmp_path))) == ("chromium", shell)
    assert _found(find(headed=True, machine=_linux(tmp_path))) == ("chromium", chromium)


def test_a_window_asked_of_a_machine_that_has_only_the_shell_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = _executable(tmp_path / "bin/chromium-headless-shell")
    monkeypatch.setattr(Machine, "this", lambda: _linux(tmp_path))
    with pytest.raises(BrowserError, match=re.escape(str(shell))):
        require(headed=True)


def test_a_playwright_download_that_broke_off_is_no_browser(tmp_path: Path) -> None:
    _of_playwright(tmp_path, 1200, whole=False)
    assert find(machine=_linux(tmp_path)) is None


def test_playwrights_folder_can_be_moved_by_its_own_variable(tmp_path: Path) -> None:
    moved = _executable(tmp_path / "elsewhere/chromium-1200/chrome-linux64/chrome")
    (tmp_path / "elsewhere/chromium-1200/INSTALLATION_COMPLETE").touch()
    machine = _linux(tmp_path, PLAYWRIGHT_BROWSERS_PATH=str(tmp_path / "elsewhere"))
    assert _found(find(machine=machine)) == ("playwright", moved)


def test_a_file_that_cannot_be_run_is_no_browser(tmp_path: Path) -> None:
    _executable(tmp_path / "bin/chromium").chmod(0o644)
    assert find(machine=_linux(tmp_path)) is None


def test_ubuntus_note_about_a_snap_is_no_browser(tmp_path: Path) -> None:
    _executable(tmp_path / "bin/chromium-browser", "#!/bin/sh\necho 'Command needs: snap install chromium'\n")
    assert find(machine=_linux(tmp_path)) is None


def test_the_executable_named_by_the_person_comes_first(tmp_path: Path) -> None:
    _of_playwright(tmp_path, 1200)
    own = _executable(tmp_path / "own/browser")
    assert _found(find(machine=_linux(tmp_path, **{OVERRIDE: str(own)}))) == ("browser", own)


def test_a_named_executable_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BrowserError, match=OVERRIDE):
        find(machine=_linux(tmp_path, **{OVERRIDE: str(tmp_path / "nowhere")}))


def test_a_mac_has_its_browsers_among_the_applications(tmp_path: Path) -> None:
    chrome = _executable(tmp_path / "Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    machine = Machine("darwin", {"HOME": str(tmp_path / "home"), "PATH": ""}, tmp_path)
    assert _found(find(machine=machine)) == ("chrome", chrome)


def test_windows_has_its_browsers_among_the_program_files(tmp_path: Path) -> None:
    edge = _executable(tmp_path / "x86/Microsoft/Edge/Application/msedge.exe")
    machine = Machine("win32", {"PROGRAMFILES(X86)": str(tmp_path / "x86"), "PATH": ""}, tmp_path)
    assert _found(find(machine=machine)) == ("msedge", edge)


def test_a_browser_is_asked_for_its_version(tmp_path: Path) -> None:
    assert version_of(_executable(tmp_path / "browser")) == "Pretended 1.2.3"


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 127\n", "#!/nowhere\n", "#!/bin/sh\necho no number\n"])
def test_a_browser_that_does_not_start_has_no_version(tmp_path: Path, script: str) -> None:
    assert version_of(_executable(tmp_path / "browser", script)) == ""
