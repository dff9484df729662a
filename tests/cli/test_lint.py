"""``lint`` as a user meets it: sources, exit codes, one clear message for every mistake."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chatkit_doctor.host.server import Host
from chatkit_doctor.scenario.select import select
from tests.chatkit_events import created, good
from tests.conversation.made import sse

GOOD = b"".join(sse(good()))
EMPTY = b"".join(sse([created()]))


def lint(*arguments: str, given: bytes = b"", cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own, with this on standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "chatkit_doctor.cli.main", "lint", *arguments],
        input=given,
        capture_output=True,
        timeout=120,
        check=False,
        cwd=cwd,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err, err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


@pytest.mark.parametrize(("body", "code", "word"), [(GOOD, 0, "PASS"), (EMPTY, 1, "FAIL")])
def test_standard_input_decides_the_exit_code(body: bytes, code: int, word: str, tmp_path: Path) -> None:
    done = lint("-", given=body, cwd=tmp_path)
    assert (done.returncode, done.stdout.split()[0]) == (code, word)
    assert "Simulated: no browser was used." in done.stdout
    assert (tmp_path / "reports" / "latest" / "index.html").is_file()


def test_json_is_the_report_object_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "turn.sse").write_bytes(EMPTY)
    done = lint("turn.sse", "--format", "json", "--output", "elsewhere", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"], report["cause"]["id"]) == (1, "fail", "first-message-ignored")
    assert done.stderr == ""
    assert (tmp_path / "elsewhere" / "latest").exists()


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 1)])
def test_a_warning_fails_only_where_it_was_asked_for(
    options: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    body = b"".join(sse(good("Sorry, something went wrong.")))
    done = lint("-", "--format", "json", *options, given=body, cwd=tmp_path)
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"]) == (code, "pass")
    assert (report["strict"] is not None) is bool(options)
    folder = (tmp_path / "reports" / "latest").resolve()
    assert json.loads((folder / "report.json").read_text()) | {"folder": str(folder)} == report


def test_a_live_backend_is_sent_the_messages_that_are_given(tmp_path: Path) -> None:
    with Host() as host, host.site(select(["control/two-turns"])[0].scenario, "") as site:
        url = f"{host.origin}{site.api_url}"
        done = lint(url, "--origin", host.origin, "--message", "Hi", "--message", "Bye", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "Bye" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("missing.har",), "missing.har"),
        (("http://127.0.0.1:9/chatkit",), "nothing listens on port 9"),
        (("-", "--op", "threads.crate"), "not a ChatKit operation"),
        (("http://127.0.0.1:9/chatkit", "--match", "/chatkit"), "the URL of a backend"),
        (("http://127.0.0.1:9/", "--header", "Authorization"), "Name: value"),
        (("-", "--secret", "short"), "a secret of fewer than 6 characters cannot be masked"),
    ],
)
def test_a_mistake_is_one_message(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = lint(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "reports").exists()
