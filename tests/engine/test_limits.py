"""What a recording limit left out is told, and not judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from chatkit_doctor import SessionResult, sync
from chatkit_doctor.recording import journal
from tests.chatkit_events import HELLO, Event, good
from tests.conversation.made import sse

KEPT: Final = 40
"""Entries of a kind that are kept."""
WORDS: Final = [f"word{number} " for number in range(3 * KEPT)]

Change = Callable[[list[Event]], list[Event]]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Event]], SessionResult]:
    """Judges a saved stream of which only the first entries of each kind are recorded."""
    monkeypatch.setattr(journal, "MAX_ENTRIES_PER_KIND", KEPT)

    def judge(events: list[Event]) -> SessionResult:
        saved = tmp_path / "saved.sse"
        saved.write_bytes(b"".join(sse(events)))
        return sync.lint(str(saved), output=tmp_path / "reports")

    return judge


def long_answer() -> list[Event]:
    """A good stream of more events than are recorded: one for each word."""
    events = good("".join(WORDS), HELLO)
    deltas = [place for place, event in enumerate(events) if "delta" in event.get("update", {})]
    first, last = deltas[0], deltas[-1]
    update = events[first]["update"]
    each = [{**events[first], "update": {**update, "delta": word}} for word in WORDS]
    return [*events[:first], *each, *events[last + 1 :]]


def in_capitals(events: list[Event]) -> list[Event]:
    """The third event has a type that nobody knows."""
    return [*events[:2], {**events[2], "type": "THREAD.ITEM.ADDED"}, *events[3:]]


@pytest.mark.parametrize("lost", [0, 1], ids=["whole", "without its last event"])
def test_a_stream_of_which_the_end_is_not_recorded_is_neither_good_nor_bad(
    lint: Callable[[list[Event]], SessionResult], lost: int
) -> None:
    events = long_answer()
    report = lint(events[: len(events) - lost]).report
    assert (report.verdict, report.symptoms, report.cause, report.warnings) == ("inconclusive", [], None, [])
    assert "recording limit" in report.reason


def test_every_output_tells_of_the_limit(lint: Callable[[list[Event]], SessionResult]) -> None:
    result = lint(long_answer())
    told = [sentence for sentence in result.report.unrecorded if "sse.posted" in sentence]
    assert len(told) == 1
    assert f"{KEPT} entries" in told[0]
    for file in ("index.html", "junit.xml", "report.json"):
        assert told[0] in (result.folder / file).read_text(encoding="utf-8"), file


def test_what_was_found_before_the_limit_stands(lint: Callable[[list[Event]], SessionResult]) -> None:
    report = lint(in_capitals(long_answer())).report
    assert "unknown-event" in [finding.id for finding in report.findings]
    assert "item-never-done" in [each.id for each in report.unanswered]
