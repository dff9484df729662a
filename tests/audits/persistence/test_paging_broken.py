"""Pages of a thread that lead nowhere."""

from __future__ import annotations

from chatkit_doctor.audits.persistence import paging_broken, store_changed_items, store_lost_items
from tests.audits.asking import assert_silent, failing
from tests.audits.persistence.reads import STORED, page_read, read_back, thread
from tests.chatkit_events import Event


def first_page(items: list[Event]) -> Event:
    return thread([], items={"data": items, "has_more": True})


def test_a_page_that_brings_the_same_again_and_says_there_is_more_fails() -> None:
    made = read_back(first_page(STORED[:2]), *page_read(STORED[:2], more=True))
    (failure,) = failing(paging_broken.AUDIT, made)
    assert (failure.details["again"], failure.details["op"]) == (2, "items.list")


def test_a_page_without_items_that_says_there_is_more_fails() -> None:
    (failure,) = failing(paging_broken.AUDIT, read_back(first_page([])))
    assert (failure.details["again"], failure.details["op"]) == (0, "threads.get_by_id")


def test_what_such_a_page_keeps_back_is_neither_lost_nor_changed() -> None:
    made = read_back(first_page(STORED[:2]), *page_read(STORED[:2], more=True))
    assert_silent(store_lost_items.AUDIT, made)
    assert_silent(store_changed_items.AUDIT, made)


def test_pages_that_lead_to_the_end_pass() -> None:
    assert_silent(paging_broken.AUDIT, read_back(first_page(STORED[:2]), *page_read(STORED[2:])))
    assert_silent(paging_broken.AUDIT, read_back(thread(STORED)))


def test_a_last_page_that_repeats_something_leads_to_the_end_all_the_same() -> None:
    assert_silent(paging_broken.AUDIT, read_back(first_page(STORED[:2]), *page_read(STORED[1:2])))
