"""A file is recognised by what it holds; what cannot be read says what to do."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from chatkit_doctor.conversation import sources
from chatkit_doctor.conversation.sources import read_file
from chatkit_doctor.errors import DoctorError, RecordingError, UsageError
from chatkit_doctor.recording.redaction import Redactor
from chatkit_doctor.simulator.simulate import simulate
from tests.chatkit_events import created, done, reply, user
from tests.conversation.made import conversation, first, sse
from tests.conversation.test_har import entry

BODY = b"".join(sse([created(), done(user()), done(reply())]))


@pytest.mark.parametrize("name", ["session.har", "session.json", "session"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n  "], ids=["plain", "bom", "space"])
def test_a_har_is_one_whatever_it_is_called(tmp_path: Path, name: str, start: str) -> None:
    path = tmp_path / name
    text = start + json.dumps({"log": {"entries": [entry()]}}, indent=1)
    path.write_text(text, encoding="utf-8")
    assert read_file(path).kind == "har"


def test_anything_else_is_a_saved_body(tmp_path: Path) -> None:
    path = tmp_path / "stream.har"
    path.write_bytes(BODY)
    found = read_file(path, op="threads.add_user_message")
    assert (found.kind, found.calls[0].op, found.calls[0].body) == (
        "stream",
        "threads.add_user_message",
        BODY,
    )


def test_a_recording_is_read_from_its_folder_and_from_its_journal(tmp_path: Path) -> None:
    simulate(conversation(first([created(), done(user()), done(reply())])), tmp_path, Redactor())
    for path in (tmp_path, tmp_path / "recording.ndjson"):
        found = read_file(path)
        assert (found.kind, [call.op for call in found.calls]) == ("recording", ["threads.create"])


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, BODY)
    found = read_file(None)
    assert (found.source, found.calls[0].body) == ("-", BODY)


def test_a_recording_cannot_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, b'{"kind": "header", "schema": 1}\n')
    with pytest.raises(RecordingError) as caught:
        read_file(None)
    assert caught.value.hint == "Pass its path."


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b'{"log": {"entries": [', "this HAR is cut off"),
        (b'{"log": {"entries": [{"time": 1 2}]}}', "starts like a HAR"),
        (b'{"log": {"entries": ' + b"[" * 100_000, "starts like a HAR"),
    ],
    ids=["empty", "blank", "zip", "cut", "damaged", "deep"],
)
def test_what_cannot_be_read_says_what_to_do(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(RecordingError) as caught:
        read_file(path)
    assert what in caught.value.what
    assert caught.value.where == str(path)
    assert caught.value.hint


def test_only_the_requests_of_a_har_can_be_narrowed_down(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(json.dumps({"log": {"entries": [entry()]}}), encoding="utf-8")
    assert read_file(path, match="/chatkit").calls
    path.write_bytes(BODY)
    with pytest.raises(UsageError, match="this is not a HAR"):
        read_file(path, match="/chatkit")


def test_what_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_file(tmp_path / "missing.har")


def test_a_folder_without_a_recording_says_so(tmp_path: Path) -> None:
    with pytest.raises(DoctorError, match=r"recording\.ndjson"):
        read_file(tmp_path)


def test_a_file_beyond_the_limit_is_refused_by_the_limit_s_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large"
    monkeypatch.setattr(sources, "MAX_FILE_BYTES", 2 * 1024 * 1024)
    path.write_bytes(b"x" * (2 * 1024 * 1024))
    assert read_file(path).calls
    path.write_bytes(b"x" * (2 * 1024 * 1024 + 1))
    with pytest.raises(RecordingError, match="larger than 2 MB"):
        read_file(path)
