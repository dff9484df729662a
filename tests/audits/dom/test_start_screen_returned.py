"""The start screen after a message was sent."""

from __future__ import annotations

from chatkit_doctor.audits.dom.start_screen_returned import AUDIT
from tests.audits.asking import failures, turns_of
from tests.recordings import asked, opened, send, state, step, user

SENT = [opened(), send(100, "Hi", until=900), asked(150, "threads.create", nonce="n1")]


def test_the_start_screen_after_a_conversation_is_its_return() -> None:
    found = failures(AUDIT, SENT, state(200, user(1, "Hi")), state(600, view="start"))
    assert (turns_of(found), found[0].t_ms) == ([1], 600)


def test_a_conversation_too_short_to_be_painted_was_dropped_all_the_same() -> None:
    found = failures(AUDIT, SENT, state(200, user(1, "Hi"), by="mutation"), state(210, view="start"))
    assert turns_of(found) == [1]


def test_a_page_that_drops_the_thread_after_the_turn_is_seen_too() -> None:
    call = step(1000, "call", index=5, until=1400, method="setThreadId")
    assert turns_of(failures(AUDIT, SENT, state(200, user(1, "Hi")), call, state(1100, view="start"))) == [1]


def test_a_conversation_that_stays_is_none() -> None:
    assert not failures(AUDIT, SENT, state(200, user(1, "Hi")))


def test_a_start_screen_that_was_never_left_did_not_return() -> None:
    assert not failures(AUDIT, opened(), send(100, "Hi", until=900), state(880, view="start"))


def test_an_empty_panel_is_no_start_screen() -> None:
    assert not failures(AUDIT, SENT, state(200, user(1, "Hi")), state(600, view="blank"))


def test_a_conversation_that_goes_on_unseen_is_none() -> None:
    assert not failures(
        AUDIT, opened(), state(50, view="start"), SENT[1:], state(300, user(1, "Hi"), by="mutation")
    )
