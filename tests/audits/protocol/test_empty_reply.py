"""Replies that say nothing."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.empty_reply import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import ANSWER, created, done, good, item, reply, streamed, user

FIRST = [created(), done(user())]


@pytest.mark.parametrize(
    "last",
    [
        reply(content=[]),
        reply(""),
        item("widget", widget={"type": "Card"}),
        item("widget", widget={"type": "Card", "children": []}),
    ],
)
def test_a_final_item_with_nothing_in_it_fails(last: dict[str, object]) -> None:
    assert [f.turn for f in failing(AUDIT, answered([*FIRST, done(last)]))] == [1]


def test_a_final_item_that_wipes_what_was_streamed_says_so() -> None:
    (failure,) = failing(AUDIT, answered([*FIRST, *streamed()[:-1], done(reply(content=[]))]))
    assert "erases" in failure.title
    assert ANSWER in failure.why


@pytest.mark.parametrize(
    "events",
    [
        good(),
        [*good(), done(reply("", "a2"))],
        [*FIRST, done(reply(content=[{"type": "text", "text": "x", "annotations": []}]))],
        [
            *FIRST,
            done(reply("")),
            done(item("widget", widget={"type": "Card", "children": [{"type": "Text"}]})),
        ],
        [*FIRST, done(reply("")), done(item("generated_image"))],
        FIRST,
        [*FIRST, *streamed()[:-1]],
    ],
)
def test_text_something_else_to_see_or_another_cause_is_silent(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))
