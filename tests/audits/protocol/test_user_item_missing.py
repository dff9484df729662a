"""Messages of the user that are never confirmed."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.user_item_missing import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import added, created, done, good, item, streamed, user


@pytest.mark.parametrize(
    "events",
    [
        [created(), *streamed()],
        [created(), {"type": "error"}],
        [created(), "data: {\n\n", *streamed()],
        [created()],
        [created(), user(), *streamed()],
        [created(), {"type": "thread.item.complete", "item": user()}, *streamed()],
        streamed(),
    ],
)
def test_a_first_turn_without_it_fails(events: list[Sent]) -> None:
    (failure,) = failing(AUDIT, answered(events))
    assert failure.turn == 1


def test_a_later_turn_without_it_fails() -> None:
    (failure,) = failing(AUDIT, answered(good(), streamed("Yes.", "a2")))
    assert failure.turn == 2


def test_in_the_threads_own_items_it_is_not_confirmed() -> None:
    thread = created(items={"data": [user()], "has_more": False})
    assert failing(AUDIT, answered([thread, *streamed()]))


@pytest.mark.parametrize(
    "events",
    [
        good(),
        [created(), added(user()), *streamed()],
        [done(user()), created(), *streamed()],
        [created(), done(item("message", role="user", content=[])), *streamed()],
    ],
)
def test_confirmed_in_whatever_form_is_silent(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))


def test_a_cut_stream_says_nothing() -> None:
    assert_silent(AUDIT, answered([created(), *streamed()], how="cut"))
