"""Items that are events of their own."""

from __future__ import annotations

from chatkit_doctor.audits.protocol.item_not_wrapped import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import answered
from tests.chatkit_events import created, delta, done, good, reply, user


def test_a_bare_item_fails() -> None:
    (failure,) = failing(AUDIT, answered([created(), done(user()), reply()]))
    assert failure.details["types"] == ["assistant_message"]
    assert "ThreadItemDoneEvent" in failure.fix


def test_all_bare_items_of_a_stream_are_one_failure() -> None:
    (failure,) = failing(AUDIT, answered([created(), user(), reply()]))
    assert failure.details["count"] == 2


def test_a_bare_update_fails_and_is_told_what_belongs_around_it() -> None:
    (failure,) = failing(AUDIT, answered([*good(), delta("x")["update"]]))
    assert "thread.item.updated" in failure.fix


def test_items_inside_events_pass() -> None:
    assert_silent(AUDIT, answered(good()))
