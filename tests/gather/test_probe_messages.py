"""What pages send to the recorder is taken when it fits, and otherwise counted, of any kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.gather.probe_messages import answer_as, messages_in
from chatkit_doctor.recording.entries import ComponentEvent, DomStall, PaintBox
from chatkit_doctor.recording.journal import Journal
from chatkit_doctor.recording.reader import load
from chatkit_doctor.recording.redaction import Redactor
from tests.journals import HEADER

STALL = {"kind": "dom.stall", "ms": 200}
BOX = {
    "width": 400,
    "height": 600.5,
    "in_viewport": True,
    "display": "block",
    "visibility": "visible",
    "opacity": 1,
}


def received(folder: Path, batch: str) -> tuple[list[Any], dict[str, int]]:
    """The entries of one batch, and what of it was refused."""
    journal = Journal(folder, Redactor(), HEADER)
    entries = [message.entry for message in messages_in(batch, journal)]
    journal.close(finished=True)
    footer = load(folder).footer
    assert footer is not None
    return entries, dict(footer.refused)


def batch(*entries: object, at: object = 1_700_000_000_000.5) -> str:
    """A batch as the probes send it."""
    return json.dumps([{"at": at, "entry": entry} for entry in entries])


def test_what_fits_is_taken(tmp_path: Path) -> None:
    entries, refused = received(tmp_path, batch(STALL))
    assert entries == [DomStall(ms=200)]
    assert refused == {}


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ({**STALL, "ms": "200"}, "dom.stall"),
        ({**STALL, "ms": 10**400}, "dom.stall"),
        ({**STALL, "more": 1}, "dom.stall"),
        ({"kind": "dom.stall"}, "dom.stall"),
        ({"kind": "step.begin", "index": 0, "do": "open"}, "step.begin"),
        ({"kind": "tee.chunk", "call": "c", "latin1": 3}, "unknown"),
        ({"kind": ["dom.stall"]}, "unknown"),
        ({}, "unknown"),
        ("dom.stall", "unknown"),
        (None, "unknown"),
    ],
    ids=[
        "wrong type",
        "too large",
        "unknown field",
        "nothing",
        "not a probe's",
        "raw",
        "odd",
        "empty",
        "text",
        "null",
    ],
)
def test_what_does_not_fit_is_counted_and_the_rest_is_taken(tmp_path: Path, entry: object, kind: str) -> None:
    entries, refused = received(tmp_path, batch(entry, STALL))
    assert entries == [DomStall(ms=200)]
    assert refused == {kind: 1}


@pytest.mark.parametrize("at", [None, "now", -1, 1e300])
def test_a_message_without_a_time_is_counted(tmp_path: Path, at: object) -> None:
    assert received(tmp_path, batch(STALL, at=at)) == ([], {"dom.stall": 1})


@pytest.mark.parametrize(
    "text",
    ["", "{}", "null", "[1", "[NaN]", "[" * 100_000],
    ids=["empty", "object", "null", "cut", "NaN", "deep"],
)
def test_a_batch_that_is_none_is_counted_once(tmp_path: Path, text: str) -> None:
    assert received(tmp_path, text) == ([], {"unknown": 1})


def test_text_that_utf_8_does_not_know_is_taken(tmp_path: Path) -> None:
    entries, _ = received(tmp_path, batch({"kind": "component.event", "name": "log", "detail": "\ud800"}))
    assert entries == [ComponentEvent(name="log", detail="\ud800")]


def test_a_page_that_answers_something_else_than_it_was_asked_for_leaves_no_entry(tmp_path: Path) -> None:
    journal = Journal(tmp_path, Redactor(), HEADER)
    assert answer_as(PaintBox, BOX, journal, at="start") == PaintBox(at="start", **BOX)  # type: ignore[arg-type]
    for answer in ({**BOX, "opacity": float("nan")}, {**BOX, "width": None}, [BOX], "box"):
        assert answer_as(PaintBox, answer, journal, at="start") is None
    journal.close(finished=True)
    footer = load(tmp_path).footer
    assert footer is not None
    assert footer.refused == {"paint.box": 4}
