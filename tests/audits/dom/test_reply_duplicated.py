"""Replies that stand twice."""

from __future__ import annotations

from chatkit_doctor.audits.dom.reply_duplicated import AUDIT
from tests import chatkit_events as chat
from tests.audits.asking import failures, turns_of
from tests.chatkit_events import Event
from tests.recordings import good_events, good_turn, opened, reply, send, state, stream, user

SENT = [opened(), send(100, "Hi", until=900)]


def test_two_messages_with_the_same_words_in_one_turn_are_one_too_many() -> None:
    found = failures(
        AUDIT,
        SENT,
        state(300, reply(1, "Good day.")),
        state(400, reply(1, "Good day."), reply(2, "Good  day")),
    )
    assert (turns_of(found), found[0].t_ms) == ([1], 400)


def test_one_message_that_says_it_twice_is_seen_by_what_was_sent() -> None:
    twice = reply(1, "Good day to you. Good day to you.")
    parts = stream(120, good_events("Hi", "Good day to you.")), state(400, user(2, "Hi"), twice)
    assert turns_of(failures(AUDIT, SENT, parts)) == [1]


def test_a_reply_that_was_sent_with_the_words_twice_is_none() -> None:
    parts = stream(120, good_events("Hi", "Bye bye bye bye")), state(400, reply(1, "Bye bye bye bye"))
    assert not failures(AUDIT, SENT, parts)


def test_the_same_answer_to_two_questions_is_none() -> None:
    shown = user(10, "Hi"), reply(11, "Good day to you")
    second = good_turn(1000, "Hi", "Good day to you", turn=2, before=shown)
    assert not failures(AUDIT, opened(), good_turn(100, "Hi", "Good day to you"), second)


def finished_twice(*item_ids: str) -> list[tuple[float, Event]]:
    """A turn in which the same words are the end of an item for each of these ids."""
    events = good_events("Hi", "Good day.")
    ends = [(210.0, chat.done(chat.reply("Good day.", item_id))) for item_id in item_ids]
    return [*events[:-1], *ends]


def test_two_messages_that_were_finished_in_the_same_words_are_both_meant() -> None:
    shown = state(400, user(1, "Hi"), reply(2, "Good day."), reply(3, "Good day."))
    assert not failures(AUDIT, SENT, stream(120, finished_twice("a1", "a2")), shown)


def test_a_third_message_is_one_too_many_where_two_were_finished() -> None:
    three = (reply(number, "Good day.") for number in (2, 3, 4))
    found = failures(AUDIT, SENT, stream(120, finished_twice("a1", "a2")), state(400, user(1, "Hi"), *three))
    assert len(found) == 1


def test_one_message_that_was_finished_twice_under_one_id_is_meant_once() -> None:
    shown = state(400, user(1, "Hi"), reply(2, "Good day."), reply(3, "Good day."))
    assert turns_of(failures(AUDIT, SENT, stream(120, finished_twice("a1", "a1")), shown)) == [1]


def test_two_short_words_may_be_meant() -> None:
    assert not failures(AUDIT, SENT, state(300, reply(1, "Yes"), reply(2, "Yes")))


def test_a_double_that_is_gone_by_the_end_of_the_turn_is_none() -> None:
    two = state(300, reply(1, "Good day."), reply(2, "Good day."))
    assert not failures(AUDIT, SENT, two, state(500, reply(2, "Good day.")))
