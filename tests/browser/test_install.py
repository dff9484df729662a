"""A machine without a browser gets Playwright's own, or is told what to do: with the real installer."""

from __future__ import annotations

import io
import json
import os
import platform
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chatkit_doctor.browser.find import OVERRIDE
from chatkit_doctor.browser.install import install, run_limited
from chatkit_doctor.errors import BrowserError

WORKS = "#!/bin/sh\necho Pretended 1.2.3\n"
CHROME = "chrome-linux64/chrome" if platform.machine() == "x86_64" else "chrome-linux/chrome"
BROKEN = "#!/bin/sh\nexit 127\n"

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the downloads are made up for Linux")


@dataclass
class Downloads:
    """What Playwright's download host answers: an archive with this browser in it, or 404."""

    browser: str | None = WORKS

    def archive(self) -> bytes:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as made:
            for name, script in ((CHROME, self.browser or ""), ("ffmpeg-linux", WORKS)):
                entry = zipfile.ZipInfo(name)
                entry.external_attr = 0o755 << 16
                made.writestr(entry, script)
        return content.getvalue()


@pytest.fixture
def downloads() -> Iterator[tuple[Downloads, str]]:
    offered = Downloads()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = offered.archive() if offered.browser else b""
            self.send_response(200 if offered.browser else 404)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield offered, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, downloads: tuple[Downloads, str]) -> Downloads:
    """A machine without a browser, and what it can download."""
    offered, host = downloads
    monkeypatch.delenv(OVERRIDE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", host)
    return offered


def doctor(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "chatkit_doctor.cli.main", "browser", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The browser of a machine that has one."""
    path = tmp_path / "browser"
    path.write_text(WORKS, encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv(OVERRIDE, str(path))
    return path


def test_nothing_is_done_where_there_is_a_browser(there: Path) -> None:
    said: list[str] = []
    assert (install(said.append).executable, said) == (there, [])


@on_linux
def test_playwrights_browser_is_downloaded_where_there_is_none(bare: Downloads) -> None:
    said: list[str] = []
    found = install(said.append)
    assert (found.name, found.version()) == ("playwright", "Pretended 1.2.3")
    assert said == ["Downloading Playwright's Chromium …"]


@on_linux
def test_a_download_that_fails_is_explained_with_what_else_can_be_done(bare: Downloads) -> None:
    bare.browser = None
    with pytest.raises(BrowserError, match=r"Playwright could not install its Chromium: Error: .+") as caught:
        install(lambda _: None)
    assert OVERRIDE in caught.value.hint


@on_linux
def test_a_browser_that_does_not_start_is_explained_with_what_it_lacks(bare: Downloads) -> None:
    bare.browser = BROKEN
    with pytest.raises(BrowserError, match=r"is installed .* but does not start") as caught:
        install(lambda _: None)
    assert "playwright install-deps" in caught.value.hint


def test_without_playwrights_driver_nothing_is_downloaded(
    bare: Downloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(tmp_path / "nowhere"))
    said: list[str] = []
    with pytest.raises(BrowserError, match="driver does not start"):
        install(said.append)
    assert said == []


@on_linux
def test_the_commands_agree_on_what_is_there(bare: Downloads, tmp_path: Path) -> None:
    nothing = doctor("where")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "chatkit-doctor browser install" in nothing.stderr
    assert doctor("list", "--format", "json").stdout == "[]\n"
    installed = doctor("install")
    path = doctor("where").stdout.strip()
    assert (installed.returncode, path.startswith(str(tmp_path))) == (0, True)
    assert f"Browser: {path} (installed by Playwright)" in installed.stdout
    assert json.loads(doctor("list", "--format", "json").stdout) == [
        {"channel": "playwright", "version": "Pretended 1.2.3", "executable": path}
    ]


@on_linux
def test_the_command_fails_with_2_and_no_traceback(bare: Downloads) -> None:
    bare.browser = None
    failed = doctor("install")
    assert (failed.returncode, failed.stderr.startswith("Error: ")) == (2, True)
    assert "Traceback" not in failed.stderr


def _python(code: str, *, limit_s: float = 60.0, environ: dict[str, str] | None = None) -> str:
    return run_limited((sys.executable, "-c", code), limit_s, environ or {})


def test_a_program_that_works_has_no_reason_to_fail() -> None:
    assert _python("pass") == ""


def test_a_failed_program_is_explained_by_its_own_error_line() -> None:
    assert _python("print('Error: no such host'); print('done'); exit(100)") == "Error: no such host"


def test_a_failed_program_that_said_nothing_is_explained_by_its_code() -> None:
    assert _python("exit(3)") == "exit code 3"


def test_a_program_that_does_not_exist_is_a_reason() -> None:
    assert run_limited(("no-such-command-anywhere",), 60.0, {}) == "No such file or directory"


def test_a_program_gets_its_environment_in_addition() -> None:
    code = "import os; assert os.environ['ASKED'] == 'yes' and os.environ['PATH']"
    assert _python(code, environ={"ASKED": "yes"}) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups to end")
def test_what_a_program_started_is_ended_with_it_at_the_limit(tmp_path: Path) -> None:
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    # The child of the child holds the pipe open for as long as it lives.
    grandchild = tmp_path / "grandchild.py"
    grandchild.write_text(
        f"import time\npipe = open({str(pipe)!r}, 'wb', buffering=0)\npipe.write(b'up')\ntime.sleep(60)",
        encoding="utf-8",
    )
    code = f"import subprocess, sys; subprocess.run([sys.executable, {str(grandchild)!r}])"
    assert _python(code, limit_s=4.0) == "it took longer than 4 s"
    os.set_blocking(reader, True)
    assert (os.read(reader, 2), os.read(reader, 1)) == (b"up", b"")
    os.close(reader)
