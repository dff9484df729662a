"""``serve`` as it is typed: it says where to look, and ends with a report however it is ended."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from chatkit_doctor.recording.reader import load
from tests.cli.commands import Command, running

pytestmark = pytest.mark.browser

OPTIONS = ("--headless", "--runtime", "reference", "--format", "json")


def _address(command: Command) -> str:
    """Where the session can be seen, as it is said beside the answer."""
    assert command.process.stderr is not None
    line = command.process.stderr.readline()
    found = re.match(r"Live: (http://localhost:\d+/) ", line)
    assert found is not None, line
    return found[1]


def _opened(output: Path) -> bool:
    return any(b"step.end" in each.read_bytes() for each in output.glob("*/recording.ndjson"))


def _by_signal(command: Command, _url: str) -> None:
    command.tell(signal.SIGINT)


def _by_the_page(_command: Command, url: str) -> None:
    assert httpx.post(f"{url}end", headers={"origin": url.rstrip("/")}).status_code == 200


@pytest.mark.parametrize(("ends", "code"), [(_by_signal, 130), (_by_the_page, 2)])
def test_a_session_without_a_turn_ends_with_a_report_that_says_so(
    ends: Callable[[Command, str], None], code: int, tmp_path: Path
) -> None:
    with running("serve", "seed/attempt-3", *OPTIONS, "--output", str(tmp_path)) as command:
        url = _address(command)
        assert "live-session" in httpx.get(url).text
        command.until(lambda: _opened(tmp_path))
        ends(command, url)
        ended = command.end()
    report = json.loads(ended.out)
    assert (ended.code, ended.left) == (code, ())
    assert (report["verdict"], report["reason"]) == ("inconclusive", "no message was sent")
    (folder,) = (each for each in tmp_path.iterdir() if not each.is_symlink())
    assert load(folder).finished
    assert (folder / "index.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("seed",), "3 scenarios match, but only one page can be opened"),
        (("seed/attempt-8",), "Did you mean seed/attempt-3"),
        (("seed/attempt-3", "--message", "Hello"), "serve sends and loads nothing by itself"),
        (("http://localhost:9/chat",), "http://localhost:9/chat: "),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    with running("serve", *arguments, *OPTIONS, "--output", str(tmp_path / "reports")) as command:
        ended = command.end()
    assert (ended.code, ended.out, ended.left) == (2, "", ())
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "reports").exists()


@pytest.mark.skipif("DISPLAY" in os.environ, reason="a window could be opened")
def test_without_a_display_there_is_no_window_to_open(tmp_path: Path) -> None:
    with running("serve", "seed/attempt-3", "--output", str(tmp_path / "reports")) as command:
        ended = command.end()
    assert ended.code == 2
    assert "--headless" in ended.err
