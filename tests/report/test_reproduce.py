"""The requests of a session as commands that a shell carries out as they are meant."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.report.artifacts import ReportFolder
from chatkit_doctor.report.build import build_report
from chatkit_doctor.report.model import ReportModel
from chatkit_doctor.report.reproduce import requests, script
from tests.recordings import entry, opened, recording, send
from tests.sessions import attempt, good_conversation

BODY = {
    "type": "threads.create",
    "params": {"input": {"content": [{"type": "input_text", "text": 'It\'s $HOME; `id` "now"\n'}]}},
}


def report_of(made: Recording) -> ReportModel:
    """The report of a recording."""
    return build_report(made, diagnose(made, examine(made)), artifacts={}, expectation=None)


def sent(*, body: object = BODY, url: str = "http://localhost:1/chatkit", **headers: str) -> Recording:
    """One turn whose request left with these headers."""
    about = {"id": "r1", "op": "threads.create", "url": url, "method": "POST"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return recording(
        opened(),
        send(100, "x", until=900),
        entry(110, "request", "request.sent", **about, body=body, headers=named),
    )


def arguments(made: Recording, **variables: str) -> list[str]:
    """What the command hands to ``curl`` when a shell carries it out."""
    (request,) = requests(made)
    command = request.command.replace("curl", "printf '%s\\0'", 1)
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, check=True, env=variables, timeout=30
    )
    return done.stdout.decode().split("\0")[:-1]


def test_the_body_reaches_the_backend_as_it_was_sent() -> None:
    given = arguments(sent(content_type="application/json"))
    assert json.loads(given[given.index("--data-raw") + 1]) == BODY
    assert given[given.index("-X") + 1] == "POST"
    assert "http://localhost:1/chatkit" in given
    assert "content-type: application/json" in given


def test_a_masked_token_is_a_variable() -> None:
    made = sent(authorization="Bearer [redacted]", x_api_key="[redacted]", cookie="[redacted]")
    (request,) = requests(made)
    assert request.variables == ["COOKIE", "TOKEN", "X_API_KEY"]
    given = arguments(made, TOKEN="t-1", X_API_KEY="k-1", COOKIE="a=b")
    assert {"authorization: Bearer t-1", "x-api-key: k-1", "cookie: a=b"} <= set(given)


def test_a_masked_secret_in_the_body_or_the_address_is_a_variable() -> None:
    body = {"type": "threads.create", "metadata": {"key": "[redacted]"}}
    given = arguments(sent(body=body, url="http://localhost:1/?key=[redacted]"), SECRET="s-1")
    assert json.loads(given[-1])["metadata"] == {"key": "s-1"}
    assert "http://localhost:1/?key=s-1" in given


def test_what_a_browser_adds_by_itself_is_left_out() -> None:
    headers = {"user_agent": "Chrome", "sec_fetch_mode": "cors", "origin": "http://x", "accept": "*/*"}
    given = arguments(sent(**headers, x_tenant="7"))
    assert [value for value in given if ": " in value and not value.startswith("{")] == [
        "content-type: application/json",
        "x-tenant: 7",
    ]


@pytest.mark.parametrize(
    "hostile", ["'; touch pwned; '", "$(touch pwned)", "`touch pwned`", "\ntouch pwned\n", '"']
)
def test_no_text_acts_in_the_shell(hostile: str, tmp_path: Path) -> None:
    made = sent(body=hostile, url=f"http://localhost:1/{hostile}", x_hostile=hostile)
    (request,) = requests(made)
    made_script = script([request.model_copy(update={"op": f"threads.create{hostile}"})])
    text = made_script.replace("curl -N", "true -N")
    subprocess.run(["/bin/sh", "-c", text], check=True, cwd=tmp_path, timeout=30)
    assert list(tmp_path.iterdir()) == []
    assert hostile in arguments(made)


def test_a_body_that_was_recorded_in_part_says_so() -> None:
    (request,) = requests(sent(body="x" * 10 + "… [90 characters more]"))
    assert request.shortened
    assert "only the beginning" in script([request])


def test_there_is_one_for_each_turn() -> None:
    assert [(request.turn, request.op) for request in report_of(good_conversation()).reproduce] == [
        (1, "threads.create"),
        (2, "threads.add_user_message"),
    ]


def test_without_a_turn_the_first_requests_are_shown() -> None:
    about = {"id": "r0", "op": "threads.list", "url": "http://localhost:1/", "method": "POST"}
    made = recording(
        opened(), entry(60, "request", "request.sent", **about, body={"type": "threads.list"}, headers={})
    )
    assert [(request.turn, request.op) for request in requests(made)] == [(None, "threads.list")]


def test_a_request_to_nowhere_cannot_be_sent_again() -> None:
    assert requests(sent(url="")) == []


def test_a_session_without_a_request_has_no_script(tmp_path: Path) -> None:
    report = report_of(recording(opened()))
    ReportFolder(tmp_path).write(report)
    assert "reproduce" not in report.artifacts
    assert not (tmp_path / "reproduce.sh").exists()


def test_the_script_lies_beside_the_report_and_the_first_command_is_shown(tmp_path: Path) -> None:
    report = report_of(attempt("responses"))
    ReportFolder(tmp_path).write(report)
    written = (tmp_path / "reproduce.sh").read_text(encoding="utf-8")
    (request,) = report.reproduce
    assert shlex.split(request.command)[0] == "curl"
    assert request.command in written
    assert "Send it again without a browser" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_page_of_a_good_session_does_not_ask_to_send_it_again(tmp_path: Path) -> None:
    ReportFolder(tmp_path).write(report_of(good_conversation()))
    assert "Send it again" not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "reproduce.sh").exists()
