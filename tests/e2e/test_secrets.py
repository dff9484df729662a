"""A token given in a header of the backend or of the page appears in no artifact."""

from __future__ import annotations

import http.server
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.browser.session import SessionOptions
from chatkit_doctor.engine.pipeline import judge, with_remedies
from chatkit_doctor.recording.redaction import mask_of
from chatkit_doctor.report.build import report_of
from chatkit_doctor.report.folder import artifacts_in
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.scenario.check import backend_check
from chatkit_doctor.scenario.load import NamedScenario
from chatkit_doctor.scenario.model import Scenario
from chatkit_doctor.scenario.page import PageSetup
from chatkit_doctor.scenario.steps import Send
from tests.session_runner import SessionRunner
from tests.written import write

TOKEN = "tok-3f9c1b7e5a-very-secret"
COOKIE = "cookie-8d2e4f6a-also-secret"


class EchoingBackend(http.server.BaseHTTPRequestHandler):
    """A careless backend: sets a cookie, and quotes the credentials it got in its stream."""

    def do_OPTIONS(self) -> None:
        self.send_response(204)
        self._cors()
        self.end_headers()

    def do_POST(self) -> None:
        op = json.loads(self.rfile.read(int(self.headers["content-length"])))["type"]
        self.send_response(200)
        self._cors()
        self.send_header("set-cookie", f"session={COOKIE}")
        if op == "threads.list":
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"data": [], "has_more": false}')
            return
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        text = f"I was given {self.headers['authorization']}"
        item = {
            "id": "m1",
            "thread_id": "t1",
            "created_at": "2026-01-01T00:00:00",
            "type": "assistant_message",
            "content": [{"type": "output_text", "text": text, "annotations": []}],
        }
        events = [
            {"type": "thread.created", "thread": {"id": "t1"}},
            {"type": "thread.item.done", "item": item},
        ]
        for event in events:
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())

    def _cors(self) -> None:
        self.send_header("access-control-allow-origin", self.headers.get("origin", "*"))
        self.send_header("access-control-allow-credentials", "true")
        self.send_header(
            "access-control-allow-headers", self.headers.get("access-control-request-headers", "*")
        )

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def backend() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), EchoingBackend)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/chatkit"
    server.shutdown()
    thread.join()
    server.server_close()


def report_into(
    folder: Path, named: NamedScenario, session_runner: SessionRunner, options: SessionOptions
) -> ReportModel:
    from chatkit_doctor.browser.session import record
    from chatkit_doctor.recording.reader import load

    session_runner.run(record(named, folder, session_runner.browser, session_runner.host, options))
    report = report_of(with_remedies(judge(load(folder), None)), artifacts_in(folder))
    write(report, folder)
    return report


def files_with(folder: Path, needle: str) -> list[str]:
    """Every file, and every file inside every archive, that contains a text."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                found += [
                    f"{path.name}/{n}" for n in archive.namelist() if needle.encode() in archive.read(n)
                ]
        elif path.is_file() and needle.encode() in path.read_bytes():
            found.append(path.name)
    return found


@pytest.mark.browser
def test_a_backend_token_appears_in_no_artifact(
    backend: str, reference: SessionRunner, tmp_path: Path
) -> None:
    named = backend_check(backend, {"Authorization": f"Bearer {TOKEN}"}, ["Hello"], turn_ms=8_000)
    report_into(tmp_path, named, reference, SessionOptions())
    assert {p.name for p in tmp_path.iterdir()} >= {
        "recording.ndjson",
        "trace.zip",
        "report.json",
        "index.html",
    }
    assert files_with(tmp_path, TOKEN) == []


@pytest.mark.browser
def test_the_backend_really_got_the_token(backend: str, reference: SessionRunner, tmp_path: Path) -> None:
    named = backend_check(backend, {"Authorization": f"Bearer {TOKEN}"}, ["Hello"], turn_ms=8_000)
    report = report_into(tmp_path, named, reference, SessionOptions())
    assert any(mask_of(TOKEN) in message.text for message in report.messages)


@pytest.mark.browser
def test_a_page_token_appears_in_no_artifact(reference: SessionRunner, tmp_path: Path) -> None:
    page = PageSetup(headers={"x-page-token": TOKEN}, options={"startScreen": {"greeting": f"Token {TOKEN}"}})
    named = NamedScenario("page-token", Path(), Scenario(title="x", page=page, steps=[Send(text="Hello")]))
    report_into(tmp_path, named, reference, SessionOptions(secrets=(TOKEN,)))
    assert files_with(tmp_path, TOKEN) == []


@pytest.mark.browser
def test_the_components_code_is_left_out_of_the_trace(session_runner: SessionRunner, tmp_path: Path) -> None:
    named = NamedScenario("trace", Path(), Scenario(title="x", steps=[Send(text="Hello")]))
    report_into(tmp_path, named, session_runner, SessionOptions())
    code = max(
        (file for file in session_runner.runtime.files.values() if file.path.suffix == ".js"),
        key=lambda f: f.size,
    )
    with zipfile.ZipFile(tmp_path / "trace.zip") as archive:
        kept = [name for name in archive.namelist() if archive.read(name) == code.path.read_bytes()]
    assert kept == []
