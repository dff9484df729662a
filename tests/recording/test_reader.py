"""Reading a recording from its journal."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from chatkit_doctor.errors import RecordingError
from chatkit_doctor.recording.reader import Entry, Recording, load
from chatkit_doctor.vocabulary import Layer

HEADER = {"kind": "header", "schema": 1, "name": "made/up"}
FOOTER = {"kind": "footer", "t": 9.0, "entries": 1}


def line(**other: object) -> dict[str, object]:
    """One good line of a journal, but for what is given."""
    return {"n": 1, "t": 2.5, "data": {"kind": "dom.state", "view": "start"}, **other}


def journal(folder: Path, *lines: object, tail: str = "") -> Path:
    """A journal with these lines; ``tail`` stands unfinished at its end."""
    text = "".join(json.dumps(each) + "\n" for each in lines)
    (folder / "recording.ndjson").write_text(text + tail, encoding="utf-8")
    return folder


def test_a_journal_is_read_from_its_folder(tmp_path: Path) -> None:
    recording = load(journal(tmp_path, HEADER, line(), FOOTER))
    assert recording.entries == (Entry(1, 2.5, Layer.DOM, "dom.state", {"view": "start"}),)
    assert recording.finished


def test_a_journal_without_a_footer_is_read_and_not_finished(tmp_path: Path) -> None:
    assert not load(journal(tmp_path, HEADER, line())).finished


def test_a_last_line_that_was_cut_is_left_out(tmp_path: Path) -> None:
    assert len(load(journal(tmp_path, HEADER, line(), tail='{"n": 2, "t":')).entries) == 1


@pytest.mark.parametrize(
    "damage",
    [{"data": None}, {"data": []}, {"data": {"kind": "moon"}}, {"n": "one"}, {"t": None}],
    ids=["no data", "data no object", "unknown kind", "no number", "no time"],
)
def test_a_line_that_is_no_entry_is_named(tmp_path: Path, damage: dict[str, object]) -> None:
    with pytest.raises(RecordingError, match="line 2 is not an entry"):
        load(journal(tmp_path, HEADER, line(**damage), FOOTER))


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no header"):
        load(journal(tmp_path, line()))


def test_a_newer_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="schema 99"):
        load(journal(tmp_path, {**HEADER, "schema": 99}))


def test_a_folder_without_a_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="there is no recording here"):
        load(tmp_path)


@pytest.mark.parametrize("odd", [None, "3", True, math.nan, math.inf, []])
def test_what_is_no_finite_number_counts_as_absent(odd: object) -> None:
    assert Entry(1, 0.0, Layer.DOM, "x", {"a": odd}).number("a", 7.0) == 7.0


def test_entries_of_a_kind_are_in_order_of_time() -> None:
    late, early = Entry(1, 5.0, Layer.DOM, "x", {}), Entry(2, 3.0, Layer.DOM, "x", {})
    recording = Recording(HEADER, (late, early), None)
    assert recording.of("x") == (early, late)
    assert recording.last("x") == late


def test_a_view_is_made_once() -> None:
    made = []

    def view(recording: Recording) -> int:
        made.append(recording)
        return len(made)

    recording = Recording(HEADER, (), None)
    assert (recording.derive(view), recording.derive(view)) == (1, 1)


def test_a_body_that_leads_out_of_the_recording_is_refused(tmp_path: Path) -> None:
    recording = load(journal(tmp_path, HEADER, FOOTER))
    with pytest.raises(RecordingError, match="outside"):
        recording.body({"file": "../secret.txt"})
