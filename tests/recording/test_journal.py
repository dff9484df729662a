"""The journal: what is written comes back, limits are counted, and a run that broke off can be told."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from chatkit_doctor.errors import RecordingError
from chatkit_doctor.recording import journal as journal_module
from chatkit_doctor.recording import reader as reader_module
from chatkit_doctor.recording.entries import (
    BodyReference,
    ComponentError,
    DomStall,
    SessionCapped,
    SsePosted,
    StepBegin,
    WireChunk,
    WireEnd,
)
from chatkit_doctor.recording.journal import FILE_NAME, Journal
from chatkit_doctor.recording.reader import load
from chatkit_doctor.recording.redaction import Redactor, mask_of
from chatkit_doctor.vocabulary import Layer
from tests.journals import HEADER


def open_journal(folder: Path, *secrets: str) -> Journal:
    return Journal(folder, Redactor(secrets), HEADER)


def test_entries_come_back_as_they_were_written(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    number = journal.add(WireChunk(id="1", size=3, at=0), t=12.345)
    journal.close(finished=True)
    recording = load(tmp_path)
    (entry,) = recording.of(WireChunk)
    assert (entry.n, entry.t, entry.layer, entry.data.size) == (number, 12.35, Layer.WIRE, 3)
    assert recording.finished


def test_a_journal_without_footer_is_read_and_known_to_have_broken_off(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.add(StepBegin(index=0, do="reload"))
    journal.close(finished=False)
    recording = load(tmp_path)
    assert recording.has(StepBegin)
    assert not recording.finished


def test_a_last_line_cut_in_the_middle_is_left_out(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.add(StepBegin(index=0, do="reload"))
    journal.close(finished=False)
    with (tmp_path / FILE_NAME).open("a") as file:
        file.write('{"n": 2, "t": 5.0, "lay')
    assert [entry.n for entry in load(tmp_path).entries] == [1]


def test_a_damaged_line_in_the_middle_is_an_error_that_names_it(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.add(StepBegin(index=0, do="reload"))
    journal.close(finished=True)
    lines = (tmp_path / FILE_NAME).read_text().splitlines()
    lines[1] = "{broken"
    (tmp_path / FILE_NAME).write_text("\n".join([*lines, ""]))
    with pytest.raises(RecordingError, match="line 2 is not JSON"):
        load(tmp_path)


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"kind": "header", "schema": 99}\n')
    with pytest.raises(RecordingError, match="schema 99"):
        load(tmp_path)


def test_a_flood_of_one_kind_leaves_room_for_others_and_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MAX_ENTRIES_PER_KIND", 3)
    journal = open_journal(tmp_path)
    for _ in range(10):
        journal.add(WireChunk(id="1", size=3, at=0))
    journal.add(DomStall(ms=200))
    journal.close(finished=True)
    recording = load(tmp_path)
    assert len(recording.of(WireChunk)) == 3
    assert recording.has(DomStall)
    assert [entry.data.of for entry in recording.of(SessionCapped)] == ["wire.chunk"]
    assert recording.footer is not None
    assert recording.footer.dropped == {"wire.chunk": 7}


def test_a_long_string_is_shortened_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "MAX_STRING", 10)
    journal = open_journal(tmp_path)
    journal.add(SsePosted(nonce="1", data="x" * 25))
    journal.close(finished=True)
    recording = load(tmp_path)
    assert recording.of(SsePosted)[0].data.data == "xxxxxxxxxx… [15 characters more]"
    assert recording.footer is not None
    assert recording.footer.shortened == {"sse.posted": 1}


def test_secrets_reach_neither_journal_nor_bodies(tmp_path: Path) -> None:
    journal = open_journal(tmp_path, "hunter2-hunter2")
    reference = journal.body("b.txt", b"echo hunter2-hunter2")
    journal.add(WireEnd(id="1", op="", how="cut", size=9, body=reference, error="hunter2-hunter2"))
    journal.close(finished=True)
    everything = (tmp_path / FILE_NAME).read_text() + (tmp_path / "bodies" / "b.txt").read_text()
    assert "hunter2" not in everything
    assert everything.count(mask_of("hunter2-hunter2")) == 2


def test_a_body_reference_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "inside")
    journal.close(finished=True)
    (tmp_path / "outside.txt").write_text("x")
    with pytest.raises(RecordingError, match="points outside the folder"):
        load(tmp_path / "inside").body(BodyReference(file="../outside.txt", bytes=1, truncated=False))


def test_text_that_is_no_valid_unicode_is_written_all_the_same(tmp_path: Path) -> None:
    journal = open_journal(tmp_path)
    journal.add(ComponentError(message="half a pair: \ud800", stack=""))
    journal.close(finished=True)
    assert json.loads((tmp_path / FILE_NAME).read_text().splitlines()[1])["data"]["message"].startswith(
        "half a pair"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_full_is_told_on_closing_and_stops_no_session(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).symlink_to("/dev/full")
    journal = open_journal(tmp_path)
    heard: list[object] = []
    journal.listeners.append(lambda _t, entry: heard.append(entry))
    for number in range(3):
        journal.add(StepBegin(index=number, do="reload"))
    journal.body("wire-1.txt", b"a body")
    with pytest.raises(OSError, match="No space left on device"):
        journal.close(finished=True)
    assert len(heard) == 3
    lines, bodies = journal.received()
    assert (len(lines), list(bodies.values())) == (5, [b"a body"])


def test_what_was_written_before_the_disk_was_full_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = open_journal(tmp_path)
    journal.add(StepBegin(index=0, do="reload"))

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(journal, "_write_anew", full)
    with pytest.raises(OSError, match="No space left on device"):
        journal.close(finished=False)
    with (tmp_path / FILE_NAME).open("ab") as file:
        file.write(b'{"n":2,"t":1.0,"data":{"kind":"step.be')
    recording = load(tmp_path)
    assert ([entry.n for entry in recording.of(StepBegin)], recording.finished) == ([1], False)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_body_that_is_masked_as_a_whole_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MAX_BODY", 300)
    monkeypatch.setattr(reader_module, "MAX_BODY", 300)
    secret = "hunter2-" * 40
    journal = open_journal(tmp_path, secret)
    reference = journal.body("b.txt", secret.encode())
    journal.close(finished=True)
    assert load(tmp_path).body(reference).decode() == mask_of(secret[:300])


def test_a_journal_that_is_written_at_the_end_is_the_same_then_and_a_header_before(tmp_path: Path) -> None:
    lines = []
    for name, at_once in (("one", True), ("other", False)):
        journal = Journal(tmp_path / name, Redactor(["correct-horse"]), HEADER, at_once=at_once)
        journal.add(ComponentError(message="correct-horse battery", stack=""), t=5.0)
        reference = journal.body("a", b"data: correct-horse\n\n")
        assert len((tmp_path / name / FILE_NAME).read_bytes().splitlines()) == (2 if at_once else 1)
        assert (tmp_path / name / reference.file).exists() is at_once
        journal.close(finished=True, t=6.0)
        written = (tmp_path / name / FILE_NAME).read_bytes().splitlines()
        lines.append((written[1:], (tmp_path / name / reference.file).read_bytes()))
    assert lines[0] == lines[1]
    assert b"correct-horse" not in b"".join([*lines[0][0], lines[0][1]])
