"""Answers without an item of the assistant."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.reply_item_missing import AUDIT
from chatkit_doctor.recording.reader import Recording
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import HELLO, created, delta, done, good, item, reply, user
from tests.conversations import exchange, recorded
from tests.recordings import send

FIRST = [created(), done(user())]
WORKFLOW = done(item("workflow", workflow={"type": "custom", "tasks": []}))

TOOL_OVER = done(item("client_tool_call", status="completed", call_id="c", name="n", arguments={}))


@pytest.mark.parametrize(
    "events",
    [
        FIRST,
        [*FIRST, {"type": "progress_update", "text": "x"}],
        [*FIRST, WORKFLOW],
        [*FIRST, TOOL_OVER],
        [*FIRST, {"type": "error", "code": "stream.error"}],
        [*FIRST, 'data: {"type": "thread.item.do\n\n'],
        [created()],
        [*FIRST, reply()],
        [*FIRST, {"type": "thread.item.complete", "item": reply()}],
    ],
)
def test_an_answer_that_ends_without_one_fails(events: list[Sent]) -> None:
    assert [f.turn for f in failing(AUDIT, answered(events))] == [1]


NOTICE = {"type": "notice", "level": "info", "message": "Got it."}
TOOL = done(item("client_tool_call", status="pending", call_id="c", name="n", arguments={}))


def with_tool(before: list[Sent], after: list[Sent]) -> Recording:
    """A turn whose stream calls a tool of the page, and the stream that takes its output."""
    output = {"thread_id": "thr_1", "result": {}}
    return recorded(
        send(1000, HELLO, until=1900),
        exchange(1020, "threads.create", before, params={}),
        exchange(1500, "threads.add_client_tool_output", after, params=output),
    )


def test_the_output_of_a_tool_that_is_answered_with_no_reply_fails() -> None:
    (failure,) = failing(AUDIT, with_tool([*FIRST, TOOL], [NOTICE]))
    assert (failure.turn, failure.details["events"]) == (1, ["notice"])


@pytest.mark.parametrize(
    ("before", "after"),
    [([*FIRST, TOOL], [done(reply())]), ([*FIRST, done(reply()), TOOL], [NOTICE]), ([*FIRST, TOOL], [TOOL])],
    ids=["the reply comes", "it came before", "another call"],
)
def test_a_turn_with_a_tool_that_has_a_reply_or_goes_on_is_silent(
    before: list[Sent], after: list[Sent]
) -> None:
    assert_silent(AUDIT, with_tool(before, after))


def test_a_later_answer_without_one_fails() -> None:
    assert [f.turn for f in failing(AUDIT, answered(good(), [done(user("x", "u2"))]))] == [2]


@pytest.mark.parametrize(
    "events",
    [
        good(),
        [*FIRST, done(reply())],
        [*FIRST, done(item("widget", widget={"type": "Card"}))],
        [*FIRST, TOOL],
        [*FIRST, delta("x", "nobody")],
        [*FIRST, done(item("message", role="assistant", content=[]))],
    ],
)
def test_a_reply_of_whatever_form_is_silent(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))
