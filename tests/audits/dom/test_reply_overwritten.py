"""Replies whose place was taken by a later one."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.dom.reply_overwritten import AUDIT
from chatkit_doctor.recording.reader import Recording
from tests.audits.asking import ask
from tests.recordings import good_turn, item, opened, recording, reply, send, state, step, user


def second_turn(first_reply: str) -> Recording:
    """A good turn, then one during which the first reply comes to say something else."""
    return recording(
        opened(),
        good_turn(100, "Hi", "Good day to you"),
        send(1000, "Again", turn=2, until=1900),
        state(1100, user(10, "Hi"), reply(11, ""), user(20, "Again")),
        state(1200, user(10, "Hi"), reply(11, first_reply), user(20, "Again")),
    )


def test_a_reply_with_other_words_in_a_later_turn_was_overwritten() -> None:
    (found,) = ask(AUDIT, second_turn("Something else")).failures
    assert (found.turn, found.details["in_turn"], found.t_ms) == (1, 2, 1200)


def test_a_reply_with_its_own_words_was_not() -> None:
    assert not ask(AUDIT, second_turn("Good day to you")).failures


def test_a_reply_that_only_grew_was_late() -> None:
    assert not ask(AUDIT, second_turn("Good day to you and yours")).failures


def test_a_reply_that_was_wiped_is_another_symptom() -> None:
    assert not ask(AUDIT, second_turn("")).failures


def test_words_that_change_within_the_turn_are_no_overwriting() -> None:
    line = recording(
        opened(), send(100, "Hi", until=900), state(200, reply(1, "First")), state(300, reply(1, "Second"))
    )
    assert not ask(AUDIT, line).failures


def questions(then: str) -> Recording:
    """A turn that ends with a question and its answer, and what stands there in the next one."""
    asked = user(10, "Hi"), item(11, "structured-input", "Asked 1 question\nWhich size?\nLarge")
    later = user(10, "Hi"), item(11, "structured-input", then), user(20, "Again")
    return recording(
        opened(),
        send(100, "Hi", until=900),
        state(200, *asked),
        send(1000, "Again", turn=2, until=1900),
        state(1100, *later),
    )


def test_questions_that_the_component_folds_up_were_not() -> None:
    assert not ask(AUDIT, questions("Asked 1 question")).failures


def test_questions_that_say_something_else_were() -> None:
    assert len(ask(AUDIT, questions("Asked 2 questions")).failures) == 1


def used(kind: str, do: str) -> Recording:
    """A turn that ends with an item, which says something else once the person has done something."""
    return recording(
        opened(),
        send(100, "Hi", until=900),
        state(200, user(10, "Hi"), item(11, kind, "Draft")),
        step(1_000, do, index=5, until=1_400, text="Save"),
        state(1_100, user(10, "Hi"), item(11, kind, "Saved")),
    )


@pytest.mark.parametrize("do", ["click", "press", "fill", "answer"])
def test_a_widget_that_the_person_used_says_something_else(do: str) -> None:
    assert not ask(AUDIT, used("widget", do)).failures


def test_a_reply_in_words_has_no_such_control() -> None:
    assert ask(AUDIT, used("assistant-message", "click")).failures


def test_a_widget_that_changes_on_a_call_of_the_page_was_overwritten() -> None:
    assert ask(AUDIT, used("widget", "call")).failures
