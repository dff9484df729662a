"""Updates that name nobody."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.item_id_mismatch import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import (
    added,
    created,
    delta,
    done,
    good,
    item,
    part,
    part_done,
    removed,
    reply,
    streamed,
    user,
    without,
)

FIRST = [created(), done(user())]
OPEN = [*FIRST, *streamed()[:-1]]
BEGUN = added(reply(content=[]))


@pytest.mark.parametrize(
    "events",
    [
        [*FIRST, part("x"), delta("text", "x")],
        [*FIRST, BEGUN, part("x"), delta("text", "x"), done(reply())],
        [*FIRST, {"type": "thread.item.replaced", "item": reply()}],
        [*FIRST, 'data: {"type": "thread.item.add\n\n', *streamed()[1:]],
    ],
)
def test_updates_of_unknown_items_fail(events: list[Sent]) -> None:
    assert len(failing(AUDIT, answered(events))) == 1


def test_a_reply_that_changes_its_id_fails_with_both() -> None:
    (failure,) = failing(AUDIT, answered([*FIRST, BEGUN, part(), part_done(), done(reply(item_id="other"))]))
    assert "shows the reply twice" in failure.why
    assert failure.details["named"] == "a1"


def test_a_widget_that_changes_its_id_fails_too() -> None:
    card = {"type": "Card", "children": []}
    events = [added(item("widget", "w1", widget=card)), done(item("widget", "w2", widget=card))]
    (failure,) = failing(AUDIT, answered([*good(), *events]))
    assert failure.details["named"] == "w1"


@pytest.mark.parametrize(
    "streams",
    [
        [good()],
        [[*FIRST, *streamed("One.", "a"), *streamed("Two.", "b")]],
        [good(), [done(user("x", "u2")), delta(" more", "a1"), *streamed("Two.", "a2")]],
        [[*FIRST, without(delta("x"), "item_id"), *streamed()]],
        [[*FIRST, added(reply("", "tmp")), removed("tmp"), done(reply())]],
        [[*FIRST, added(reply("", 5, content=[])), part("5"), delta("text", "5"), done(reply("text", 5))]],
    ],
)
def test_known_items_and_updates_without_any_id_are_silent(streams: list[list[Sent]]) -> None:
    assert_silent(AUDIT, answered(*streams))


@pytest.mark.parametrize(
    "end",
    [
        {"type": "thread.item.complete", "item": reply()},
        done(reply(type="message")),
    ],
)
def test_an_item_that_is_badly_ended_has_not_changed_its_id(end: Sent) -> None:
    assert_silent(AUDIT, answered([*FIRST, *streamed()[:-1], end, done(reply("Two.", "b"))]))
