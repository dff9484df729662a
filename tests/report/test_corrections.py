"""What should have been sent, beside the report: for the turns that need it, and only where it helps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chatkit.types import ThreadStreamEvent
from pydantic import TypeAdapter

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.engine.remedies import remedies_of
from chatkit_doctor.protocol.schema import check_event
from chatkit_doctor.protocol.sse import parse
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.redaction import MASK
from chatkit_doctor.repairs import corrected_streams
from chatkit_doctor.report.build import build_report
from chatkit_doctor.report.model import CorrectionModel, ReportModel
from chatkit_doctor.report.session_page import MAX_HEAD
from tests.conversations import exchange, recorded
from tests.recordings import good_events, good_turn, opened, recording, send, state, stream, user
from tests.sessions import ATTEMPTS, QUESTION, attempt, good_conversation
from tests.written import write

EVENTS: TypeAdapter[object] = TypeAdapter(ThreadStreamEvent)


def report_of(made: Recording) -> ReportModel:
    """The report of a recording."""
    diagnosis = diagnose(made, examine(made))
    remedies = remedies_of(made, diagnosis)
    return build_report(made, diagnosis, artifacts={}, expectation=None, remedies=remedies)


def events_of(correction: CorrectionModel) -> list[dict[str, Any]]:
    """The events of a corrected stream."""
    read, problems = parse(correction.text.encode())
    assert problems == []
    return [json.loads(event.data) for event in read]


def test_a_turn_in_another_protocol_has_its_correction() -> None:
    (correction,) = report_of(attempt("responses")).corrections
    assert (correction.turn, correction.op, correction.file) == (1, "threads.create", "corrected/turn-1.sse")
    events = events_of(correction)
    assert correction.events == len(events)
    for event in events:
        EVENTS.validate_python(event)
    assert events[0]["thread"]["created_at"].startswith("2026-01-01T00:00:00")
    assert events[-1]["item"]["type"] == "assistant_message"


def test_a_good_conversation_needs_none() -> None:
    report = report_of(good_conversation())
    assert report.corrections == []
    assert "corrected" not in report.artifacts


def later_turn(events: list[tuple[float, dict[str, Any]]]) -> Recording:
    """A good turn, and a second one that is answered with these events and shows nothing of them."""
    mine = user(10, "Hello")
    return recording(
        opened(),
        good_turn(100, "Hello", "A good answer.", turn=1),
        send(2000, QUESTION, turn=2, until=2900),
        stream(2030, events, turn=2),
        state(2050, mine, user(20, QUESTION), responding=True),
        state(2350, mine, responding=False),
    )


def test_only_the_turn_that_went_wrong_is_corrected() -> None:
    (correction,) = report_of(later_turn(ATTEMPTS["responses"])).corrections
    assert correction.turn == 2
    assert correction.file == "corrected/turn-2.sse"
    assert events_of(correction)[0]["item"]["id"] == "msg_user_2"


def test_nothing_is_made_up_where_no_reply_was_sent() -> None:
    report = report_of(later_turn([(10, {"type": "response.created"}), (20, {"type": "response.completed"})]))
    assert report.cause is not None
    assert report.cause.id == "wrong-dialect"
    assert report.corrections == []


def broken(change: Callable[[dict[str, Any]], None]) -> Recording:
    """A first turn whose finished items were changed, and which shows nothing of its reply."""
    events = good_events(QUESTION, "A good answer.")
    for _, event in events:
        if event["type"] == "thread.item.done":
            change(event["item"])
    return recording(
        opened(),
        send(100, QUESTION, until=900),
        stream(130, events),
        state(150, user(10, QUESTION), responding=True),
        state(350, responding=False, alerts=[("crash", "Something went wrong. Please try again later.")]),
    )


def without_annotations(item: dict[str, Any]) -> None:
    """Parts as they are written by hand."""
    item["content"] = [{k: v for k, v in part.items() if k != "annotations"} for part in item["content"]]


def without_attachments(item: dict[str, Any]) -> None:
    """A user item as it is written by hand."""
    item.pop("attachments", None)


@pytest.mark.parametrize("change", [without_annotations, without_attachments])
def test_a_wrong_shape_is_mended_where_the_text_is_right(change: Callable[[dict[str, Any]], None]) -> None:
    report = report_of(broken(change))
    assert report.cause is not None
    assert report.cause.id == "invalid-event"
    (correction,) = report.corrections
    for event in events_of(correction):
        assert check_event(event) == ()


def test_events_that_melted_into_one_are_told_apart() -> None:
    events = [event for _, event in good_events(QUESTION, "A good answer.")]
    body = "".join(f"data: {json.dumps(event)}\n" for event in events).encode()
    made = recorded(
        opened(),
        send(100, QUESTION, until=900),
        exchange(130, body=body),
        state(150, user(10, QUESTION), responding=True),
        state(350, view="start"),
    )
    report = report_of(made)
    assert report.cause is not None
    assert report.cause.id == "sse-bad-framing"
    (correction,) = report.corrections
    assert events_of(correction)[-1]["item"]["content"][0]["text"] == "A good answer."


def test_a_very_long_stream_is_told_in_fewer_deltas() -> None:
    words = [f"word{number} " for number in range(3000)]
    sent = [(10.0, {"type": "response.output_text.delta", "item_id": "i", "delta": word}) for word in words]
    (correction,) = report_of(later_turn(sent)).corrections
    deltas = [e["update"]["delta"] for e in events_of(correction) if "delta" in e.get("update", {})]
    assert len(deltas) == 500
    assert "".join(deltas) == "".join(words)


def test_a_stream_that_is_corrected_in_part_says_where_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"word{number} " for number in range(30)]
    sent = [(10.0, {"type": "response.output_text.delta", "item_id": "i", "delta": word}) for word in words]
    (whole,) = report_of(later_turn(sent)).corrections
    monkeypatch.setattr(corrected_streams, "_MOST_EVENTS", 20)
    (part,) = report_of(later_turn(sent)).corrections
    assert [events_of(each)[-1]["item"]["content"][0]["text"] for each in (whole, part)] == [
        "".join(words),
        "".join(words[:20]),
    ]
    assert [each.text.splitlines()[-2][:1] for each in (whole, part)] == ["d", ":"]


TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"


def test_a_token_that_came_in_pieces_is_not_put_together() -> None:
    pieces = [f"Your token is {TOKEN[:12]}", TOKEN[12:47], f"{TOKEN[47:]} now."]
    sent = [
        (10.0, {"type": "response.output_text.delta", "item_id": "i", "delta": piece}) for piece in pieces
    ]
    (correction,) = report_of(later_turn(sent)).corrections
    assert "".join(pieces) not in correction.text
    assert (
        events_of(correction)[-1]["item"]["content"][0]["text"] == f"Your token is {MASK * len(TOKEN)} now."
    )


def test_the_files_lie_beside_the_report_and_are_shown(tmp_path: Path) -> None:
    report = report_of(attempt("responses"))
    write(report, tmp_path)
    (correction,) = report.corrections
    assert (tmp_path / "corrected" / "turn-1.sse").read_text(encoding="utf-8") == correction.text
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="corrected/turn-1.sse"' in page
    assert page.count("data: {&#34;type&#34;") == min(correction.events, MAX_HEAD)


def test_a_file_that_would_lie_elsewhere_is_not_written(tmp_path: Path) -> None:
    report = report_of(attempt("responses"))
    outside = report.corrections[0].model_copy(update={"file": "../outside.sse"})
    folder = tmp_path / "report"
    folder.mkdir()
    write(report.model_copy(update={"corrections": [outside]}), folder)
    assert not (tmp_path / "outside.sse").exists()
