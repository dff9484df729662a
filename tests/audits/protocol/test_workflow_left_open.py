"""Workflows without an end."""

from __future__ import annotations

from chatkit_doctor.audits.protocol.workflow_left_open import AUDIT
from chatkit_doctor.recording.reader import Recording
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.protocol.cases import answered
from tests.chatkit_events import Event, added, created, done, good, item, removed, streamed, user
from tests.conversations import exchange, recorded
from tests.recordings import Part, send

FIRST = [created(), done(user())]


def workflow(status: str = "complete") -> Event:
    """A workflow with one task in this state."""
    task = {"type": "thought", "content": "hm", "status_indicator": status}
    return item("workflow", "w", workflow={"type": "reasoning", "tasks": [task]})


def test_one_that_is_never_finished_fails() -> None:
    assert failing(AUDIT, answered([*FIRST, added(workflow()), *streamed()]))


def test_one_that_is_finished_while_loading_fails() -> None:
    assert failing(AUDIT, answered([*FIRST, added(workflow()), done(workflow("loading")), *streamed()]))


def test_finished_or_removed_passes() -> None:
    assert_silent(AUDIT, answered([*FIRST, added(workflow("loading")), done(workflow()), *streamed()]))
    assert_silent(AUDIT, answered([*FIRST, added(workflow()), removed("w"), *streamed()]))


CALL = done(item("client_tool_call", "c", status="pending", call_id="c", name="n", arguments={}))
OUTPUT = "threads.add_client_tool_output"


def continued(*streams: list[Event]) -> Recording:
    """A message, and the answers to what the page's tools gave."""
    ops = ["threads.create", *[OUTPUT] * (len(streams) - 1)]
    parts: list[Part] = [send(0, "Hi", until=4000)]
    for number, (op, events) in enumerate(zip(ops, streams, strict=True)):
        parts += exchange(100 + 1000 * number, op, events, params={"thread_id": "thr_1"} if number else {})
    return recorded(*parts)


def test_one_that_waits_for_the_page_may_be_finished_in_the_answer_to_its_output() -> None:
    waiting = [*FIRST, added(workflow("loading")), CALL]
    assert_silent(AUDIT, continued(waiting, [done(workflow()), *streamed()]))
    assert_silent(AUDIT, continued(waiting, [CALL], [done(workflow()), *streamed()]))
    assert_silent(AUDIT, continued(waiting))


def test_one_that_is_not_finished_in_that_answer_either_fails() -> None:
    assert failing(AUDIT, continued([*FIRST, added(workflow("loading")), CALL], streamed()))


def test_without_any_the_question_does_not_arise() -> None:
    assert ask(AUDIT, answered(good())).status == "not-applicable"
