"""Items that are begun and never finished."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatkit_doctor.audits.protocol.item_never_done import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.persistence.reads import read_back, thread
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import Event, added, created, done, good, item, removed, reply, streamed, user

FIRST = [created(), done(user())]


@pytest.mark.parametrize(
    "behind",
    [
        [],
        [{"type": "error", "code": "stream.error"}],
        ["data: {\n\n"],
        [{"type": "thread.item.complete", "item": reply()}],
        [reply()],
        [done(reply("", "a2"))],
    ],
)
def test_a_reply_that_is_never_finished_fails(behind: list[Sent]) -> None:
    (failure,) = failing(AUDIT, answered([*FIRST, *streamed()[:-1], *behind]))
    assert failure.details["item"] == "a1"


def test_one_of_two_replies_that_is_never_finished_fails() -> None:
    (failure,) = failing(AUDIT, answered([*FIRST, *streamed("One.", "a1")[:-1], *streamed("Two.", "a2")]))
    assert failure.details["item"] == "a1"


def test_a_reply_whose_end_was_sent_and_never_came_is_finished() -> None:
    """As when the component's frame is removed in the middle of a stream that goes on without it."""
    made = answered(good())
    last = max(e.n for e in made.entries if e.kind == "sse.posted")
    kept = tuple(e for e in made.entries if e.n != last)
    assert_silent(AUDIT, replace(made, entries=kept))


@pytest.mark.parametrize(
    "events",
    [
        good(),
        [created(), added(user()), *streamed()],
        [*FIRST, added(reply("", "tmp")), removed("tmp"), done(reply())],
        [*FIRST, added(item("workflow", workflow={"type": "custom", "tasks": []})), *streamed()],
        [*FIRST, *streamed()[:-1], {"type": "thread.item.replaced", "item": reply()}],
    ],
)
def test_finished_or_removed_is_silent(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))


def test_a_cut_stream_says_nothing() -> None:
    assert_silent(AUDIT, answered([*FIRST, *streamed()[:-1]], how="cut"))


@pytest.mark.parametrize(("stored", "is_told"), [([user()], True), ([user(), reply()], False)])
def test_a_reload_is_spoken_of_where_the_item_was_missing_after_one(
    stored: list[Event], *, is_told: bool
) -> None:
    open_reply = [*FIRST, *streamed()[:-1]]
    (failure,) = failing(AUDIT, read_back(thread(stored), first=open_reply))
    assert ("read again" in failure.why) is is_told


def test_without_a_reload_none_is_spoken_of() -> None:
    (failure,) = failing(AUDIT, answered([*FIRST, *streamed()[:-1]]))
    assert "reload" not in failure.why
    assert "again" not in failure.why
