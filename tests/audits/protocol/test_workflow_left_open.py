"""Workflows without an end."""

from __future__ import annotations

from harness.audits.protocol.workflow_left_open import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.protocol.cases import answered
from tests.chatkit_events import Event, added, created, done, good, item, removed, streamed, user

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


def test_without_any_the_question_does_not_arise() -> None:
    assert ask(AUDIT, answered(good())).status == "not-applicable"
