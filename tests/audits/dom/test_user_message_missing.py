"""A message that was sent and never shown."""

from __future__ import annotations

from chatkit_doctor.audits.dom.user_message_missing import AUDIT
from tests.audits.asking import failures, turns_of
from tests.recordings import Part, opened, reloaded, reply, send, state, user

SENT = [opened(), send(100, "Hi", until=900)]


def test_a_message_that_was_never_in_the_dom_is_missing() -> None:
    found = failures(AUDIT, SENT, state(300, view="start"))
    assert turns_of(found) == [1]
    assert "never in the DOM" in found[0].evidence[0].text


def test_a_message_that_stands_where_no_frame_shows_it_is_missing() -> None:
    found = failures(AUDIT, SENT, state(300, view="start"), state(400, user(1, "Hi"), by="mutation"))
    assert "no frame shows it" in found[0].evidence[0].text


def test_a_message_that_went_before_a_frame_showed_it_is_another_symptom() -> None:
    assert not failures(AUDIT, SENT, state(300, user(1, "Hi"), by="mutation"), state(310, view="start"))


def test_a_message_that_was_shown_and_is_gone_is_another_symptom() -> None:
    assert not failures(AUDIT, SENT, state(300, user(1, "Hi")), state(600, view="start"))


def test_the_reply_does_not_stand_for_the_message() -> None:
    assert turns_of(failures(AUDIT, SENT, state(300, reply(1, "Hi")))) == [1]


def test_the_message_of_another_turn_does_not_stand_for_it() -> None:
    second: list[Part] = [
        send(1000, "Again", turn=2, until=1900),
        state(1100, user(1, "Hi"), reply(2, "Yes")),
    ]
    assert turns_of(failures(AUDIT, SENT, state(300, user(1, "Hi")), second)) == [2]


def test_a_message_that_only_a_reload_brings_is_not_missing_for_good() -> None:
    assert not failures(AUDIT, SENT, reloaded(1000, user(1, "Hi")))
