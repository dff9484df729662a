"""The command line as a user meets it: one clear message for every mistake, and telling exit codes."""

from __future__ import annotations

import http.server
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest


def doctor(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [sys.executable, "-m", "chatkit_doctor.cli.main", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=cwd,
    )
    # A traceback also ends with exit code 1, which would look like an honest "fail".
    assert "Traceback" not in result.stderr, result.stderr
    return result


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class NotFound(http.server.BaseHTTPRequestHandler):
    """A server that knows no ChatKit endpoint, and allows every origin."""

    def do_OPTIONS(self) -> None:
        self._answer(204)

    def do_GET(self) -> None:
        self._answer(404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self._answer(404)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("access-control-allow-origin", "*")
        self.send_header("access-control-allow-headers", "*")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def not_found() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), NotFound)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/chatkit"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_port_where_nothing_listens_is_one_clear_message(free_port: int, tmp_path: Path) -> None:
    result = doctor("check", "--backend", f"http://localhost:{free_port}/chatkit", "--output", str(tmp_path))
    assert result.returncode == 2
    assert f"nothing listens on port {free_port} of localhost" in result.stderr
    assert list(tmp_path.iterdir()) == [], "no session was begun"


@pytest.mark.browser
def test_a_backend_that_answers_404_is_named_as_the_wrong_url(not_found: str, tmp_path: Path) -> None:
    result = doctor(
        "check",
        "--backend",
        not_found,
        "--runtime",
        "reference",
        "--format",
        "json",
        "--output",
        str(tmp_path),
    )
    report = json.loads(result.stdout)
    assert (result.returncode, report["verdict"], report["cause"]["id"]) == (1, "fail", "wrong-url")


@pytest.mark.browser
def test_a_url_in_the_place_of_a_verb_is_checked_and_what_is_known_of_it_passes(
    not_found: str, tmp_path: Path
) -> None:
    known = tmp_path / "known.yaml"
    known.write_text("expected:\n  check: {cause: wrong-url}\n")
    options = ("--runtime", "reference", "--format", "json", "--output", str(tmp_path), "--no-proof")
    result = doctor(not_found, *options, "--expected", str(known))
    report = json.loads(result.stdout)
    assert (result.returncode, report["verdict"], report["cause"]["id"]) == (0, "fail", "wrong-url")
    assert report["expectation"] == {"met": True, "drift": []}


@pytest.mark.browser
def test_a_known_failure_passes_and_one_that_is_gone_fails_the_part_that_is_run(tmp_path: Path) -> None:
    known = tmp_path / "known.yaml"
    known.write_text(
        "expected:\n"
        "  seed/attempt-2: {cause: wrong-dialect}\n"
        "  control/first-turn: {cause: wrong-url}\n"
        "  another/scenario: {verdict: inconclusive}\n"
    )
    options = ("--runtime", "reference", "--format", "json", "--output", str(tmp_path))
    result = doctor("run", "seed", "control/first-turn", "--shard", "1/2", "--expected", str(known), *options)
    run = json.loads(result.stdout)
    met = {report["name"]: report["expectation"]["met"] for report in run["scenarios"]}
    assert (result.returncode, met) == (1, {"seed/attempt-2": True, "control/first-turn": False})
    (gone,) = [report for report in run["scenarios"] if report["name"] == "control/first-turn"]
    assert "The verdict should be fail but is pass." in gone["expectation"]["drift"]


@pytest.mark.browser
def test_json_is_all_there_is_on_stdout(tmp_path: Path) -> None:
    arguments = (
        "run",
        "seed/attempt-3",
        "control/first-turn",
        "--runtime",
        "reference",
        "--output",
        str(tmp_path),
    )
    result = doctor(*arguments, "--format", "json")
    run = json.loads(result.stdout)
    assert [report["name"] for report in run["scenarios"]] == ["seed/attempt-3", "control/first-turn"]
    assert result.returncode == 0
    assert run["totals"]["as_expected"] == 2


@pytest.mark.browser
def test_a_report_folder_holds_everything_and_latest_leads_to_it(tmp_path: Path) -> None:
    doctor("run", "control/first-turn", "--runtime", "reference", "--output", str(tmp_path))
    names = {path.name for path in (tmp_path / "latest").iterdir()}
    assert names >= {"report.json", "index.html", "junit.xml", "screenshots", "trace.zip", "recording.ndjson"}


@pytest.mark.browser
def test_a_saved_recording_is_judged_the_same_again(tmp_path: Path) -> None:
    doctor("run", "seed/attempt-3", "--runtime", "reference", "--output", str(tmp_path))
    folder = tmp_path / "latest"
    first = json.loads((folder / "report.json").read_text())
    again = doctor("audit", str(folder), "--format", "json")
    assert json.loads(again.stdout) == first | {"folder": str(folder)}
    assert again.returncode == 1


@pytest.mark.browser
def test_a_scenario_that_leads_elsewhere_is_a_failure_that_says_how(tmp_path: Path) -> None:
    scenario = tmp_path / "wrong.yaml"
    scenario.write_text(
        "title: x\nsteps: [{send: Hello}]\nexpect: {verdict: fail, symptoms: [blank-panel]}\n"
    )
    result = doctor("run", str(scenario), "--runtime", "reference", "--output", str(tmp_path / "reports"))
    assert result.returncode == 1
    assert "blank-panel" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "no/such"), "no scenario, file or folder named 'no/such'"),
        (("run", "control", "--runtime", "nonsense"), "nonsense"),
        (("check", "--backend", "not a url"), "not an http(s) URL"),
        (("lint", "http://[::1"), "not an http(s) URL"),
        (("lint", "http://127.0.0.1:99999/"), "not an http(s) URL"),
        (("check", "--backend", "http://localhost:1", "--header", "no-colon"), "Name: value"),
        (("check", "--backend", "http://localhost:1", "--origin", "https://example.com"), None),
        (("check", "--backend", "http://localhost:1", "--secret", "short"), "cannot be masked"),
        (("run", "control", "--secret", ""), "cannot be masked"),
        (("run", "seed", "--shard", "4/4"), "3 scenarios are too few for 4 parts"),
        (("run", "seed", "--shard", "1/2", "--durations", "/nonexistent"), "no report found here"),
        (("run", "seed", "--durations", "/nonexistent"), "Use --shard"),
        (("run", "seed", "--expected", "/nonexistent"), "the file cannot be read"),
        (("audit", "/nonexistent"), "no recording found here"),
        (("runtime", "import", "/nonexistent"), "/nonexistent"),
        (("frobnicate",), "frobnicate"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_answered_with_one_message_and_exit_code_2(
    arguments: tuple[str, ...], message: str | None, tmp_path: Path
) -> None:
    result = doctor(*arguments, cwd=tmp_path)
    assert result.returncode == 2
    assert (message or "") in result.stderr


def test_the_lists_name_what_there_is() -> None:
    assert "seed/attempt-3" in doctor("list").stdout
    causes = json.loads(doctor("list", "causes", "--format", "json").stdout)
    assert {
        "id": "wrong-dialect",
        "layer": "protocol",
        "title": "The events belong to another protocol",
    } in causes


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("ch", ["check"]),
        ("run seed/", ["seed/attempt-1", "seed/attempt-2", "seed/attempt-3"]),
        ("check --turn", ["--turn-timeout"]),
    ],
)
def test_a_shell_completes_verbs_options_and_names(
    typed: str, becomes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = f"chatkit-doctor {typed}"
    monkeypatch.setenv("_CHATKIT_DOCTOR_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    command = [str(Path(sys.executable).parent / "chatkit-doctor")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split() == becomes


def test_no_verb_shows_the_help() -> None:
    result = doctor()
    assert "check" in result.stdout + result.stderr
