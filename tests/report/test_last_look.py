"""A secret that came by all masking is found in the finished files, whatever its form and place."""

from __future__ import annotations

import base64
import json
import zipfile
import zlib
from pathlib import Path

import pytest

from chatkit_doctor import sync
from chatkit_doctor.client.session import LiveOptions
from chatkit_doctor.engine.plan import Plan, Simulate
from chatkit_doctor.errors import DoctorError
from chatkit_doctor.recording.redaction import MASK, Redactor
from chatkit_doctor.report import last_look
from chatkit_doctor.report.last_look import LastLook, given_secrets, look_at
from chatkit_doctor.report.subscriber import RunReported, SessionReported, Told
from tests.chatkit_events import good
from tests.conversations import written
from tests.report.examples import checked, run

SECRET = 'correct-horse/"battery"-staple-42'


def test_what_is_planted_in_a_file_is_masked_and_said(tmp_path: Path) -> None:
    file = tmp_path / "bodies" / "wire-1.txt"
    file.parent.mkdir()
    file.write_text(f"before {SECRET} after")
    assert look_at(tmp_path, Redactor([SECRET])) == ["bodies/wire-1.txt was masked"]
    assert file.read_text() == f"before {MASK * len(SECRET)} after"


@pytest.mark.parametrize(
    "form",
    [json.dumps(SECRET), base64.b64encode(b"user:" + SECRET.encode()).decode(), SECRET.encode().hex()],
    ids=["json", "base64", "hex"],
)
def test_every_form_is_found(form: str, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(form)
    assert look_at(tmp_path, Redactor([SECRET])) == ["report.json was masked"]


def test_it_is_found_where_two_pieces_of_a_long_file_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_look, "PIECE", 40)
    (tmp_path / "recording.ndjson").write_text(" " * 25 + SECRET + " " * 200)
    assert look_at(tmp_path, Redactor([SECRET])) == ["recording.ndjson was masked"]


def test_a_trace_that_shows_one_is_removed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "trace.zip", "w", zipfile.ZIP_DEFLATED) as trace:
        trace.writestr("trace.network", f'{{"value": "{SECRET[:4]}"}}')
        trace.writestr("resources/a", SECRET)
    assert look_at(tmp_path, Redactor([SECRET])) == ["trace.zip was removed"]
    assert list(tmp_path.iterdir()) == []


def packed(text: str) -> str:
    letters = base64.b64encode(zlib.compress(text.encode())).decode()
    return f'<script type="text/plain" data-part="x">{letters}</script>'


@pytest.mark.parametrize("deep", [1, 2])
def test_a_document_that_holds_one_compressed_is_removed(tmp_path: Path, deep: int) -> None:
    text = f"<p>{SECRET}</p>"
    for _ in range(deep):
        text = packed(text)
    (tmp_path / "index.html").write_text(f"<p>before</p>{text}<p>after</p>")
    (tmp_path / "other.html").write_text(packed("<p>nothing</p>") + "<script>AAAAAAAAAAAAAAAAAAAA</script>")
    assert look_at(tmp_path, Redactor([SECRET])) == ["index.html was removed"]
    assert [each.name for each in tmp_path.iterdir()] == ["other.html"]


def test_a_file_that_is_too_long_to_be_masked_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_look, "MOST_MASKED", 10)
    (tmp_path / "a.txt").write_text(SECRET)
    assert look_at(tmp_path, Redactor([SECRET])) == ["a.txt was removed"]


def test_a_word_that_stands_in_every_report_is_let_be(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<script>function assistant() {}</script>")
    assert look_at(tmp_path, Redactor(["assistant"])) == []


def test_what_a_plan_was_given_is_looked_for() -> None:
    live = LiveOptions(headers={"Authorization": "Bearer token-of-the-session-1"})
    plan = Plan("x", (Simulate("http://localhost:1/", live),), Path(), secrets=("a-secret-of-its-own-1",))
    assert {"token-of-the-session-1", "a-secret-of-its-own-1"} <= given_secrets(plan).values


def test_who_finds_something_says_so_when_all_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SECRET)
    looking = LastLook(Redactor([SECRET]))
    looking.on_event(RunReported(tmp_path, run(checked()), is_single=True, interrupted=False))
    with pytest.raises(DoctorError, match=r"a\.txt was masked"):
        looking.close()


class Careless:
    """Writes a file of its own, and what it was told not to show."""

    def on_event(self, event: Told) -> None:
        if isinstance(event, SessionReported):
            (event.session.directory / "notes.txt").write_text(SECRET)

    def close(self) -> None:
        """Nothing is open."""


def test_a_run_that_was_given_a_secret_ends_with_a_last_look(tmp_path: Path) -> None:
    answer, reports = tmp_path / "answer.txt", tmp_path / "reports"
    answer.write_bytes(written(good()))
    with pytest.raises(DoctorError, match=r"notes\.txt was masked"):
        sync.lint(str(answer), secrets=[SECRET], output=reports, subscribers=[Careless()])
    assert {file.read_text() for file in reports.glob("*/notes.txt")} == {MASK * len(SECRET)}
