"""Reading a recording from its journal."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.errors import RecordingError
from chatkit_doctor.recording import reader
from chatkit_doctor.recording.entries import (
    BodyReference,
    DomStall,
    Entry,
    SessionEnded,
    SsePosted,
    WireChunk,
)
from chatkit_doctor.recording.reader import Recording, load
from tests.journals import HEADER as MADE_UP

HEADER: dict[str, Any] = {
    "kind": "header",
    "schema": 2,
    "name": "made/up",
    "started_at": "2026-01-01T00:00:00+00:00",
    "tool": "0.1.0",
    "runtime": {"name": "reference", "why": "a test"},
    "target": {"kind": "scenario"},
}
STALL: dict[str, Any] = {"kind": "dom.stall", "ms": 200}
OUTSIDE = BodyReference(file="../secret.txt", bytes=1, truncated=False)


def line(n: int = 1, **other: object) -> dict[str, object]:
    """One good line of a journal, but for what is given."""
    return {"n": n, "t": 2.5, "data": STALL, **other}


def footer(entries: int) -> dict[str, object]:
    """The last line of a journal with so many entries."""
    return {"kind": "footer", "t": 9.0, "entries": entries}


def journal(folder: Path, *lines: object, tail: str = "") -> Path:
    """A journal with these lines; ``tail`` stands unfinished at its end."""
    text = "".join(json.dumps(each) + "\n" for each in lines)
    (folder / "recording.ndjson").write_text(text + tail, encoding="utf-8")
    return folder


def test_a_journal_is_read_from_its_folder(tmp_path: Path) -> None:
    recording = load(journal(tmp_path, HEADER, line(), footer(1)))
    assert recording.entries == (Entry(n=1, t=2.5, data=DomStall(ms=200)),)
    assert recording.header.runtime.name == "reference"
    assert recording.finished


def test_a_journal_without_a_footer_is_read_and_not_finished(tmp_path: Path) -> None:
    assert not load(journal(tmp_path, HEADER, line())).finished


@pytest.mark.parametrize("tail", ['{"n": 2, "t":', '{"n": 2, "t": 3.5, "data": {"kind": "dom.st', "\x00"])
def test_a_last_line_that_was_cut_is_left_out(tmp_path: Path, tail: str) -> None:
    assert len(load(journal(tmp_path, HEADER, line(), tail=tail)).entries) == 1


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ({"data": None}, "data"),
        ({"data": []}, "data"),
        ({"data": {"kind": "moon"}}, "moon"),
        ({"data": {"ms": 200}}, "kind"),
        ({"data": {**STALL, "ms": "200"}}, "data.ms"),
        ({"data": {**STALL, "ms": -1}}, "data.ms"),
        ({"data": {**STALL, "ms": 2**60}}, "data.ms"),
        ({"data": {**STALL, "more": 1}}, "more"),
        ({"data": {"kind": "dom.stall"}}, "ms"),
        ({"data": {"kind": "session.ended", "state": "moon"}}, "data.state"),
        ({"n": "one"}, "n"),
        ({"t": None}, "t"),
        ({"t": 1e300}, "t"),
    ],
)
def test_a_line_that_is_no_entry_is_named_with_the_place(
    tmp_path: Path, damage: dict[str, object], place: str
) -> None:
    with pytest.raises(RecordingError, match="line 3 is not an entry") as caught:
        load(journal(tmp_path, HEADER, line(), {**line(2), **damage}, footer(2)))
    assert place in caught.value.what
    assert "record again" in caught.value.hint


@pytest.mark.parametrize("text", ["{broken", "[" * 100_000, '"\\ud800"', '{"n": NaN}', '{"n": 1'])
def test_a_line_that_is_no_json_is_named(tmp_path: Path, text: str) -> None:
    journal(tmp_path, HEADER, line(), tail=f"{text}\n{json.dumps(line(2))}\n")
    with pytest.raises(RecordingError, match="line 3 is not"):
        load(tmp_path)


def test_a_line_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = journal(tmp_path, HEADER, line()) / "recording.ndjson"
    path.write_bytes(path.read_bytes() + b'{"n": "\xff\xfe"}\n{}\n')
    with pytest.raises(RecordingError, match="line 3 is not"):
        load(tmp_path)


def test_what_is_said_of_a_line_is_short(tmp_path: Path) -> None:
    with pytest.raises(RecordingError) as caught:
        load(journal(tmp_path, HEADER, line(data={**STALL, "x" * 100_000: 1}), footer(1)))
    assert len(caught.value.what) < 300


def test_a_footer_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="line 2 is not a footer"):
        load(journal(tmp_path, HEADER, {"kind": "footer", "t": "late"}))


def test_lines_that_were_taken_out_are_missed(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="has 1 entries, but its footer says 2"):
        load(journal(tmp_path, HEADER, line(), footer(2)))


def test_nothing_comes_after_the_end(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="line 4 follows the end"):
        load(journal(tmp_path, HEADER, line(), footer(1), line(2)))


def test_more_entries_than_a_journal_can_have_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_ENTRIES", 3)
    with pytest.raises(RecordingError, match="more than 3 entries"):
        load(journal(tmp_path, HEADER, *(line(n) for n in range(1, 9))))


def test_a_journal_beyond_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_JOURNAL_BYTES", 100)
    with pytest.raises(RecordingError, match="larger than"):
        load(journal(tmp_path, HEADER, line()))


@pytest.mark.parametrize("first", [line(), {}, [], "header", {"kind": "footer"}])
def test_a_file_that_is_no_journal_is_refused(tmp_path: Path, first: object) -> None:
    with pytest.raises(RecordingError, match="not a header"):
        load(journal(tmp_path, first))


def test_an_empty_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="empty"):
        load(journal(tmp_path))


def test_a_header_that_is_damaged_is_named_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"line 1 is not a header.*runtime\.name"):
        load(journal(tmp_path, {**HEADER, "runtime": {"name": "moon", "why": ""}}))


def test_a_newer_journal_is_refused_by_its_version(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="schema 99") as caught:
        load(journal(tmp_path, {**HEADER, "schema": 99, "more": "than is known"}))
    assert "Update" in caught.value.hint


def test_an_older_journal_is_refused_by_its_version(tmp_path: Path) -> None:
    first = {"kind": "header", "schema": 1, "epoch_ms": 1.5, "name": "old", "scenario": {}, "browser": {}}
    entry = {"n": 1, "t": 2.5, "layer": "dom", "kind": "dom.stall", "data": {"ms": 200}}
    with pytest.raises(RecordingError, match="recorded with schema 1, and this program reads 2") as caught:
        load(journal(tmp_path, first, entry))
    assert "Record again" in caught.value.hint


@pytest.mark.parametrize("name", ["", "absent", "a\0b"])
def test_a_folder_without_a_journal_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordingError, match="no recording found here"):
        load(tmp_path / name)


def test_entries_of_a_type_are_in_order_of_time() -> None:
    late = Entry(n=1, t=5.0, data=SsePosted(nonce="1", data="late"))
    early = Entry(n=2, t=3.0, data=SsePosted(nonce="1", data="early"))
    recording = Recording(MADE_UP, (late, early), None)
    assert recording.of(SsePosted) == (early, late)
    assert recording.last(SsePosted) == late


def test_entries_of_several_types_are_in_order_of_time() -> None:
    late = Entry(n=1, t=5.0, data=SsePosted(nonce="1", data="late"))
    early = Entry(n=2, t=3.0, data=WireChunk(id="1", size=3, at=0))
    ended = Entry(n=3, t=4.0, data=SessionEnded(state="start"))
    recording = Recording(MADE_UP, (late, early, ended), None)
    assert recording.of(SsePosted, WireChunk) == (early, late)
    assert recording.last(WireChunk, SsePosted) == late
    assert recording.of(DomStall) == ()


def test_a_view_is_made_once() -> None:
    made = []

    def view(recording: Recording) -> int:
        made.append(recording)
        return len(made)

    recording = Recording(MADE_UP, (), None)
    assert (recording.derive(view), recording.derive(view)) == (1, 1)


def test_a_body_that_leads_out_of_the_recording_is_refused(tmp_path: Path) -> None:
    recording = load(journal(tmp_path, HEADER, footer(0)))
    (tmp_path.parent / "secret.txt").write_text("x")
    with pytest.raises(RecordingError, match="points outside the folder"):
        recording.body(OUTSIDE)


def test_a_link_out_of_the_recording_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    recording = load(journal(folder, HEADER, footer(0)))
    (tmp_path / "secret.txt").write_text("x")
    (folder / "body.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(RecordingError, match="points outside the folder"):
        recording.body(BodyReference(file="body.txt", bytes=1, truncated=False))


def test_a_body_that_would_be_waited_for_is_refused(tmp_path: Path) -> None:
    recording = load(journal(tmp_path, HEADER, footer(0)))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RecordingError, match="not a regular file"):
        recording.body(BodyReference(file="pipe", bytes=1, truncated=False))


def test_a_journal_that_would_be_waited_for_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "recording.ndjson")
    with pytest.raises(RecordingError, match="not a regular file"):
        load(tmp_path)


@pytest.mark.parametrize("file", ["", ".", "absent.txt", "a\0b", "x" * 5_000, "circle"])
def test_a_body_that_is_not_there_is_empty(tmp_path: Path, file: str) -> None:
    recording = load(journal(tmp_path, HEADER, footer(0)))
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    assert recording.body(BodyReference(file=file, bytes=1, truncated=False)) == b""


def test_of_a_body_without_end_only_a_part_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_BODY", 10)
    recording = load(journal(tmp_path, HEADER, footer(0)))
    (tmp_path / "body.txt").write_bytes(b"x" * 1_000)
    assert len(recording.body(BodyReference(file="body.txt", bytes=1_000, truncated=False))) == 30
