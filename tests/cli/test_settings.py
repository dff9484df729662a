"""A project's settings: read where there are some, refused where wrong, and less than the command line."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.cli.settings import Settings, defaults
from chatkit_doctor.errors import DoctorError

SECRET = "s3cret-of-the-environment"


class Backend(http.server.ThreadingHTTPServer):
    """A backend that knows nothing, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str]] = []
        self.url = f"http://localhost:{self.server_port}/chatkit"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Backend

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.asked.append((self.headers["x-api-key"] or "", body))
        self.send_response(404)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def backend() -> Iterator[Backend]:
    with Backend() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def project(folder: Path, text: str, name: str = "chatkit-doctor.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def linted(backend: Backend, folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "chatkit_doctor.cli.main", "lint", backend.url, "--quiet", *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "API_KEY": SECRET},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr


SETTINGS = 'messages = ["From the file"]\noutput = "here"\n[headers]\nX-Api-Key = "${API_KEY}"\n'


def test_a_verb_takes_from_the_file_what_the_command_line_does_not_say(
    backend: Backend, tmp_path: Path
) -> None:
    linted(backend, project(tmp_path, SETTINGS))
    turns = [body for _, body in backend.asked if "threads.create" in body]
    assert turns
    assert all("From the file" in body for body in turns)
    assert {key for key, _ in backend.asked} == {SECRET}
    written = [path for path in (tmp_path / "here").rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if SECRET.encode() in path.read_bytes()]


def test_the_command_line_wins(backend: Backend, tmp_path: Path) -> None:
    linted(backend, project(tmp_path, SETTINGS), "--message", "From the command line")
    bodies = " ".join(body for _, body in backend.asked)
    assert "From the command line" in bodies
    assert "From the file" not in bodies


TABLE = '[tool.chatkit-doctor]\nruntime = "reference"\nexpected = "known.yaml"\n'


def test_the_nearest_file_above_is_taken_and_paths_are_beside_it(tmp_path: Path) -> None:
    below = tmp_path / "one" / "two"
    below.mkdir(parents=True)
    project(tmp_path, TABLE, "pyproject.toml")
    project(tmp_path / "one", "[project]\nname = 'no table of ours'\n", "pyproject.toml")
    assert defaults("run", (), below) == {"runtime": "reference", "expected": str(tmp_path / "known.yaml")}


def test_a_file_of_ones_own_comes_before_a_table(tmp_path: Path) -> None:
    project(tmp_path, TABLE, "pyproject.toml")
    assert defaults("run", (), project(tmp_path, 'runtime = "cdn"')) == {"runtime": "cdn"}


@pytest.mark.parametrize(
    ("arguments", "url"),
    [((), "http://localhost:1/chat"), (("--backend", "x"), None), (("--page=x",), None)],
)
def test_the_url_is_what_check_looks_at_unless_another_is_named(
    arguments: tuple[str, ...], url: str | None, tmp_path: Path
) -> None:
    found = defaults("check", arguments, project(tmp_path, 'url = "http://localhost:1/chat"'))
    assert found.get("url") == url


def test_without_a_file_there_are_no_settings(tmp_path: Path) -> None:
    assert defaults("check", (), tmp_path) == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('massages = ["Hello"]', "unknown key; did you mean 'messages'?"),
        ('messages = "Hello"', "should be a list"),
        ('runtime = "refrence"', "did you mean 'reference'?"),
        ("turn_timeout = ", "this is not valid TOML"),
        ('[headers]\nX-Key = "${NOBODY_SETS_THIS}"', "the variable NOBODY_SETS_THIS is not set"),
    ],
)
def test_a_mistake_is_named_with_its_file(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(DoctorError) as refused:
        defaults("check", (), project(tmp_path, text))
    assert says in str(refused.value)
    assert "chatkit-doctor.toml" in str(refused.value)


def test_the_example_in_the_documentation_has_all_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_TOKEN", SECRET)
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    (example,) = (block.partition("```")[0] for block in page.split("```toml\n")[1:])
    found = defaults("check", (), project(tmp_path, example))
    assert (found["url"], found["header"]) == (
        "http://localhost:3000/chat",
        [f"Authorization: Bearer {SECRET}"],
    )
    assert {line.partition(" =")[0] for line in example.splitlines() if " = " in line} == {
        *(Settings.model_fields.keys() - {"headers"}),
        "Authorization",
    }
