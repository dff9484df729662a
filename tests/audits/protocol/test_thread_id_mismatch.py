"""Threads that turn into other threads."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.thread_id_mismatch import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import created, done, good, reply, streamed, user
from tests.conversations import Handed, exchange, recorded
from tests.recordings import URL, Part, send


def test_another_thread_in_the_same_stream_fails() -> None:
    (failure,) = failing(AUDIT, answered([created(), done(user()), created("thr_2"), *streamed()]))
    assert "never ends" in failure.why


def test_another_thread_in_a_later_turn_fails() -> None:
    (failure,) = failing(AUDIT, answered(good(), [created("thr_2"), *good(turn=2)]))
    assert (failure.turn, failure.details["announced"], failure.details["other"]) == (2, "thr_1", "thr_2")


def test_a_request_whose_thread_the_page_changed_fails() -> None:
    op = "threads.add_user_message"
    changed = {"url": URL, "op": op, "body": {"type": op, "params": {"thread_id": "7"}}}
    parts: list[Part] = [
        send(0, "a", until=900),
        *exchange(100, body=good()),
        send(1000, "b", turn=2, until=1900),
        *exchange(1100, op, good(turn=2), params={"thread_id": "thr_1"}, custom=Handed(), sent=changed),
    ]
    (failure,) = failing(AUDIT, recorded(*parts))
    assert (failure.details["announced"], failure.details["other"]) == ("thr_1", "7")


@pytest.mark.parametrize(
    "streams",
    [
        [good()],
        [good(), [created(), *good(turn=2)]],
        [[created(), done(user(thread_id="x")), done(reply(thread_id="y"))]],
    ],
)
def test_the_same_thread_and_the_items_own_say_pass(streams: list[list[Sent]]) -> None:
    assert_silent(AUDIT, answered(*streams))


def test_a_thread_number_is_the_same_as_its_digits() -> None:
    assert_silent(AUDIT, answered([created(223), *good()[1:]], good(turn=2), thread="223"))


def test_without_an_announcement_there_is_nothing_to_compare() -> None:
    assert ask(AUDIT, answered(good()[1:])).status == "not-applicable"
