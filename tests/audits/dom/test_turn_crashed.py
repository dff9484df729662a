"""The component's own fallback."""

from __future__ import annotations

from chatkit_doctor.audits.dom.turn_crashed import AUDIT
from tests.audits.asking import failures, turns_of
from tests.recordings import opened, reloaded, send, state, user

CRASH = ("crash", "Something went wrong. Please try again later.")
SENT = [opened(), send(100, "Hi", until=900)]


def test_the_fallback_in_place_of_a_turn_is_a_crash() -> None:
    (found,) = failures(AUDIT, SENT, state(300, user(1, "Hi"), alerts=[CRASH]))
    assert (found.turn, found.t_ms) == (1, 300)


def test_a_crash_that_stays_is_reported_once() -> None:
    second = send(1000, "Again", turn=2, until=1900), state(1100, user(2, "Again"), alerts=[CRASH])
    assert turns_of(failures(AUDIT, SENT, state(300, alerts=[CRASH]), *second)) == [1]


def test_every_further_crash_is_reported() -> None:
    second = send(1000, "Again", turn=2, until=1900), state(1100, alerts=[CRASH, CRASH])
    assert turns_of(failures(AUDIT, SENT, state(300, alerts=[CRASH]), *second)) == [1, 2]


def test_a_crash_after_a_reload_is_one_of_no_turn() -> None:
    assert turns_of(failures(AUDIT, SENT, reloaded(1000), state(1200, alerts=[CRASH]))) == [None]


def test_an_error_banner_is_no_crash() -> None:
    assert not failures(AUDIT, SENT, state(300, user(1, "Hi"), alerts=[("error", "It failed")]))
