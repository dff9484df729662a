"""An item without an id is shown, and takes its whole turn along once another item follows (measured)."""

from __future__ import annotations

from pathlib import Path

from tests.chatkit_events import created, done, reply, user, without
from tests.conversation.made import answer, conversation, first, judged

NAMELESS = done(without(reply(item_id="r1"), "id"))
BEGUN = [created(), done(user())]


def test_an_item_that_follows_it_crashes_the_turn_and_the_missing_id_is_the_cause(tmp_path: Path) -> None:
    report = judged(conversation(first([*BEGUN, NAMELESS, done(reply(item_id="r2"))])), tmp_path)
    verdict, cause, symptoms = answer(report)
    assert (verdict, cause) == ("fail", "invalid-event")
    assert "turn-crashed" in symptoms
    assert report.cause is not None
    assert report.cause.title == "thread.item.done: item.id is missing"
    assert "once another item follows" in report.cause.why


def test_where_none_follows_it_is_a_warning(tmp_path: Path) -> None:
    report = judged(conversation(first([*BEGUN, NAMELESS])), tmp_path)
    assert answer(report) == ("pass", "", [])
    assert [warning.id for warning in report.warnings] == ["invalid-event"]
