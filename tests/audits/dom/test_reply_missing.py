"""Turns without an answer."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.dom.reply_missing import AUDIT
from tests.audits.asking import ask, failures, turns_of
from tests.recordings import (
    Part,
    good_events,
    good_turn,
    item,
    opened,
    recording,
    reply,
    send,
    state,
    step,
    stream,
    user,
)

SENT = [opened(), send(100, "Hi", until=900)]


def test_a_turn_with_nothing_but_the_question_has_no_reply() -> None:
    assert turns_of(failures(AUDIT, SENT, state(300, user(1, "Hi")))) == [1]


def test_an_empty_bubble_is_no_reply() -> None:
    (found,) = failures(AUDIT, SENT, state(300, user(1, "Hi"), reply(2, "")))
    assert "stayed empty" in found.evidence[0].text


def test_a_reply_between_two_frames_was_not_shown() -> None:
    parts = state(300, reply(2, "Yes"), by="mutation"), state(310, user(1, "Hi"))
    assert turns_of(failures(AUDIT, SENT, parts)) == [1]


def test_a_reply_that_was_shown_and_is_gone_is_another_symptom() -> None:
    assert not failures(AUDIT, SENT, state(300, reply(2, "Yes")), state(500))


@pytest.mark.parametrize("kind", ["widget", "structured-input", "something-new"])
def test_any_item_that_says_something_is_an_answer(kind: str) -> None:
    assert not failures(AUDIT, SENT, state(300, user(1, "Hi"), item(2, kind, "Choose")))


def test_a_widget_without_words_is_an_answer_if_it_shows_a_picture() -> None:
    assert turns_of(failures(AUDIT, SENT, state(300, user(1, "Hi"), item(2, "widget")))) == [1]
    drawn = {**item(2, "widget"), "drawn": True}
    assert not failures(AUDIT, SENT, state(300, user(1, "Hi"), drawn))


def test_a_reply_of_icons_alone_is_none() -> None:
    bubble = {**reply(2, ""), "drawn": True}
    assert turns_of(failures(AUDIT, SENT, state(300, user(1, "Hi"), bubble))) == [1]


def test_an_image_is_an_answer() -> None:
    assert not failures(AUDIT, SENT, state(300, user(1, "Hi"), item(2, "generated-image")))


@pytest.mark.parametrize("kind", ["progress-update", "workflow", "task"])
def test_work_being_done_is_no_answer(kind: str) -> None:
    assert turns_of(failures(AUDIT, SENT, state(300, user(1, "Hi"), item(2, kind, "Searching")))) == [1]


def test_the_answer_to_one_turn_is_none_to_another() -> None:
    shown = user(10, "Hi"), reply(11, "Good day to you")
    second: list[Part] = [send(2000, "Again", turn=2, until=2900), state(2100, *shown, user(20, "Again"))]
    assert turns_of(failures(AUDIT, opened(), good_turn(1000, "Hi", "Good day to you"), second)) == [2]


def test_an_answer_that_overwrote_an_earlier_one_was_shown() -> None:
    second: list[Part] = [
        send(2000, "Again", turn=2, until=2900),
        state(2100, user(10, "Hi"), reply(11, "Something else"), user(20, "Again")),
    ]
    assert not failures(AUDIT, opened(), good_turn(1000, "Hi", "Good day to you"), second)


def test_a_late_end_of_an_earlier_reply_is_no_answer() -> None:
    second: list[Part] = [
        send(2000, "Again", turn=2, until=2900),
        state(2100, user(10, "Hi"), reply(11, "Good day to you, my friend"), user(20, "Again")),
    ]
    assert turns_of(failures(AUDIT, opened(), good_turn(1000, "Hi", "Good day to you"), second)) == [2]


def test_one_of_two_replies_that_was_sent_and_not_shown_is_missing() -> None:
    two = [*good_events("Hi", "First answer."), *good_events("Hi", "Second answer.", turn=2)]
    parts = stream(120, two), state(300, user(1, "Hi"), reply(2, "First answer."))
    (found,) = failures(AUDIT, SENT, parts)
    assert "Second answer." in found.evidence[0].text


def test_a_turn_that_never_ended_is_not_judged() -> None:
    finding = ask(AUDIT, recording(opened(), send(100, "Hi"), state(300, user(1, "Hi")), finished=False))
    assert (finding.status, finding.note) == ("not-applicable", "no turn ended")


def test_without_painted_states_nobody_knows() -> None:
    finding = ask(AUDIT, recording(send(100, "Hi", until=900), state(300, user(1, "Hi"), by="mutation")))
    assert finding.status == "not-testable"


def asked_again(do: str, text: str, *shown: Part) -> list[Part]:
    """A turn that goes well, and a step of which another reply has to come."""
    begun = step(1_000, do, index=5, until=1_400, text=text)
    return [*SENT, state(300, user(1, "Hi"), reply(2, "Yes")), begun, state(1_100, user(1, "Hi")), *shown]


@pytest.mark.parametrize(
    ("do", "text"), [("press", "regenerate"), ("press", "retry"), ("answer", "Ann, Blue")], ids=str
)
def test_of_a_reply_that_is_asked_for_without_a_message_one_has_to_come(do: str, text: str) -> None:
    (found,) = failures(AUDIT, asked_again(do, text))
    assert (found.turn, found.t_ms) == (1, 1_400)
    assert not failures(AUDIT, asked_again(do, text, state(1_200, user(1, "Hi"), reply(3, "No"))))


@pytest.mark.parametrize(("do", "text"), [("press", "thumbs-up"), ("rename", "A → B")], ids=str)
def test_no_reply_has_to_come_of_anything_else(do: str, text: str) -> None:
    assert not failures(AUDIT, asked_again(do, text))


def test_what_a_button_leads_to_afterwards_is_no_reply_of_the_turn() -> None:
    """Both are sent in the same turn, and one of them is on screen while it lasts."""
    done = good_events("Hi", "Done: confirm", turn=7)[1:]
    later = stream(1_050, done, turn=7, op="threads.custom_action")
    shown = state(1_300, user(10, "Hi"), reply(11, "Yes"), reply(12, "Done: confirm"))
    parts = [
        opened(),
        *good_turn(100, "Hi", "Yes"),
        step(1_000, "click", index=5, until=1_400, text="Confirm"),
    ]
    assert not failures(AUDIT, parts, later, shown)
