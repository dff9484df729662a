"""A message that was shown and removed."""

from __future__ import annotations

from chatkit_doctor.audits.dom.user_message_vanished import AUDIT
from tests.audits.asking import failures
from tests.recordings import Part, opened, reloaded, reply, send, state, user

SENT = [opened(), send(100, "Hi", until=900)]


def test_a_message_that_is_gone_says_when_and_how_long_it_was_visible() -> None:
    (found,) = failures(AUDIT, SENT, state(300, user(1, "Hi")), state(700, reply(2, "Yes")))
    assert (found.turn, found.t_ms, found.details["visible_ms"]) == (1, 700, 400)


def test_whether_a_frame_caught_it_makes_no_other_answer() -> None:
    (found,) = failures(AUDIT, SENT, state(300, user(1, "Hi"), by="mutation"), state(310, view="start"))
    assert (found.turn, found.t_ms, found.details["visible_ms"]) == (1, 310, 0)
    assert "before a frame showed it" in found.evidence[1].text


def test_a_message_that_is_still_there_and_was_never_painted_did_not_vanish() -> None:
    assert not failures(AUDIT, SENT, state(300, view="start"), state(400, user(1, "Hi"), by="mutation"))


def test_a_message_that_a_reload_brings_back_did_not_vanish_between_two_frames() -> None:
    parts = state(300, user(1, "Hi"), by="mutation"), state(310, view="start"), reloaded(1000, user(1, "Hi"))
    assert not failures(AUDIT, SENT, *parts)


def test_a_message_under_another_key_is_still_there() -> None:
    assert not failures(AUDIT, SENT, state(300, user(1, "Hi")), state(700, user(9, "Hi"), reply(2, "Yes")))


def test_a_message_that_loses_its_words_is_gone_though_its_bubble_stays() -> None:
    (found,) = failures(AUDIT, SENT, state(300, user(1, "Hi")), state(700, user(1, ""), reply(2, "Yes")))
    assert (found.turn, found.t_ms, found.details["visible_ms"]) == (1, 700, 400)


def test_a_message_that_never_had_words_lost_none() -> None:
    assert not failures(AUDIT, SENT, state(300, user(1, "")), state(700, user(1, ""), reply(2, "Yes")))


def test_leaving_the_page_takes_no_message_away() -> None:
    assert not failures(AUDIT, SENT, state(300, user(1, "Hi")), reloaded(1000))


def test_a_message_that_a_later_turn_takes_away_belongs_to_its_own_turn() -> None:
    second: list[Part] = [send(1000, "Again", turn=2, until=1900), state(1100, user(2, "Again"))]
    (found,) = failures(AUDIT, SENT, state(300, user(1, "Hi")), second)
    assert (found.turn, found.details["in_turn"]) == (1, 2)
