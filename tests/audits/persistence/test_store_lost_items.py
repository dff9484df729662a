"""Stores that forget."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.persistence.store_lost_items import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.persistence.reads import STORED, page_read, read_back, thread
from tests.chatkit_events import Event, good, reply
from tests.conversations import exchange, recorded


def test_missing_items_are_named() -> None:
    (failure,) = failing(AUDIT, read_back(thread(STORED[:3])))
    assert failure.details["lost"] == ["a2"]


def test_a_kind_that_is_never_stored_is_told() -> None:
    assert "assistant_message" in failing(AUDIT, read_back(thread([STORED[0], STORED[2]])))[0].why


def test_an_empty_thread_has_lost_everything() -> None:
    assert failing(AUDIT, read_back(thread([])))[0].details["lost"] == ["u1", "a1", "u2", "a2"]


@pytest.mark.parametrize("items", [STORED, STORED[::-1], [*STORED[:3], reply("Yes.", "other")]])
def test_all_that_was_said_is_there_under_any_id_and_in_any_order(items: list[Event]) -> None:
    assert_silent(AUDIT, read_back(thread(items)))


def test_further_pages_count() -> None:
    first = thread([], items={"data": STORED[:2], "has_more": True, "after": "a1"})
    assert_silent(AUDIT, read_back(first, page_read(STORED[2:])))
    assert failing(AUDIT, read_back(first, page_read(STORED[2:3])))


def test_pages_that_were_not_read_are_not_missing() -> None:
    assert_silent(AUDIT, read_back(thread([], items={"data": STORED[:2], "has_more": True})))


def test_without_a_reading_there_is_nothing_to_compare() -> None:
    assert ask(AUDIT, recorded(exchange(100, body=good()))).status == "not-applicable"
