"""Messages that never leave the component."""

from __future__ import annotations

from chatkit_doctor.audits.request.send_ignored import AUDIT
from tests.audits.asking import ask, failures, turns_of
from tests.recordings import asked, entry, opened, recording, send, state, step

SENT = [opened(), send(100, "Hi", until=900, limit="request")]


def test_a_message_without_a_request_was_ignored() -> None:
    assert turns_of(failures(AUDIT, SENT)) == [1]


def test_a_request_of_the_turn_took_it_along() -> None:
    assert not failures(AUDIT, SENT, asked(150, "threads.create", nonce="n1"))


def test_a_response_that_begins_took_it_along() -> None:
    begins = entry(150, "component", "component.event", name="response.start", detail=None)
    assert not failures(AUDIT, SENT, begins)


def test_asking_for_threads_is_not_sending() -> None:
    assert turns_of(failures(AUDIT, SENT, asked(150, "threads.list", nonce="n1"))) == [1]


def test_the_request_of_one_turn_is_none_of_the_next() -> None:
    second = send(1000, "Again", turn=2, until=1900)
    assert turns_of(failures(AUDIT, SENT, asked(150, "threads.create", nonce="n1"), second)) == [2]


def test_where_no_request_was_ever_recorded_nobody_listened() -> None:
    made = recording(step(0, "open", index=0, until=90), state(50, view="start"), send(100, "Hi", until=900))
    assert ask(AUDIT, made).status == "not-testable"
