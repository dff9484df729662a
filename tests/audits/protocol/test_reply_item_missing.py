"""Answers without an item of the assistant."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.reply_item_missing import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import created, delta, done, good, item, reply, user

FIRST = [created(), done(user())]
WORKFLOW = done(item("workflow", workflow={"type": "custom", "tasks": []}))

TOOL_OVER = done(item("client_tool_call", status="completed", call_id="c", name="n", arguments={}))


@pytest.mark.parametrize(
    "events",
    [FIRST, [*FIRST, {"type": "progress_update", "text": "x"}], [*FIRST, WORKFLOW], [*FIRST, TOOL_OVER]],
)
def test_an_answer_that_ends_without_one_fails(events: list[Sent]) -> None:
    assert [f.turn for f in failing(AUDIT, answered(events))] == [1]


def test_a_later_answer_without_one_fails() -> None:
    assert [f.turn for f in failing(AUDIT, answered(good(), [done(user("x", "u2"))]))] == [2]


@pytest.mark.parametrize(
    "events",
    [
        good(),
        [*FIRST, done(reply())],
        [*FIRST, done(item("widget", widget={"type": "Card"}))],
        [*FIRST, done(item("client_tool_call", status="pending", call_id="c", name="n", arguments={}))],
        [*FIRST, delta("x", "nobody")],
        [*FIRST, reply()],
        [*FIRST, done(item("message", role="assistant", content=[]))],
        [*FIRST, {"type": "thread.item.complete", "item": reply()}],
        [*FIRST, {"type": "error", "code": "stream.error"}],
        [created()],
    ],
)
def test_a_reply_or_another_reason_for_its_absence_is_silent(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))


def test_a_stream_with_an_unreadable_event_says_nothing() -> None:
    assert_silent(AUDIT, answered([*FIRST, 'data: {"type": "thread.item.do\n\n']))
