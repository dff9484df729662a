"""Stores that change what they keep."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.persistence.store_changed_items import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.persistence.reads import STORED, read_back, thread
from tests.chatkit_events import Event, item, reply, user


@pytest.mark.parametrize(
    ("items", "changed"),
    [
        ([*STORED[:3], reply("Other.", "a2")], "text"),
        ([*STORED[:3], reply("", "a2", content=[{"type": "text", "text": "Yes."}])], "text"),
        ([*STORED[:3], reply("Yes.", "db-17")], "ids"),
        (STORED[::-1], "order"),
        ([*STORED, STORED[3]], "twice"),
        ([user("Somebody else's", "u0"), *STORED], "more"),
    ],
)
def test_what_was_changed_is_told(items: list[Event], changed: str) -> None:
    assert [failure.details["changed"] for failure in failing(AUDIT, read_back(thread(items)))] == [changed]


@pytest.mark.parametrize(
    "items",
    [
        STORED,
        STORED[:3],
        [STORED[0], item("workflow", "w", workflow={"type": "custom", "tasks": []}), *STORED[1:]],
        [*STORED[:3], reply(" Yes.\n", "a2")],
    ],
)
def test_the_same_fewer_or_further_items_are_no_change(items: list[Event]) -> None:
    assert_silent(AUDIT, read_back(thread(items)))


@pytest.mark.parametrize(
    "items",
    [[*STORED, STORED[3]], [*STORED[:2], reply("Good to see you, friend.", "x1"), *STORED[2:]]],
)
def test_what_is_stored_twice_is_to_be_stored_once(items: list[Event]) -> None:
    (failure,) = failing(AUDIT, read_back(thread(items)))
    assert "Store each item once" in failure.fix


AT_NOON = "2026-01-01T12:00:00.000"


@pytest.mark.parametrize(
    ("times", "told"),
    [((AT_NOON, AT_NOON), True), ((AT_NOON, "2026-01-01T12:00:00.001"), False)],
    ids=["one millisecond", "two"],
)
def test_items_of_one_moment_that_changed_places_want_more_than_their_time(
    times: tuple[str, str], told: bool
) -> None:
    swapped = [STORED[1] | {"created_at": times[0]}, STORED[0] | {"created_at": times[1]}, *STORED[2:]]
    (failure,) = failing(AUDIT, read_back(thread(swapped)))
    assert failure.details["changed"] == "order"
    assert ("share one created_at" in failure.fix) == told


def test_of_two_that_say_the_same_one_is_not_the_other_under_another_id() -> None:
    answer = thread([STORED[0], reply("Yes.", "a1"), *STORED[2:3]])
    assert "ids" not in [failure.details["changed"] for failure in failing(AUDIT, read_back(answer))]
