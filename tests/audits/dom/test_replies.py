"""Replies as they were sent beside replies as they were shown: truncated, altered, or neither."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.dom import reply_altered, reply_truncated
from chatkit_doctor.audits.dom.reply_missing import AUDIT as MISSING
from tests.audits.asking import ask, failures, turns_of
from tests.recordings import Part, good_events, opened, recording, reply, send, state, stream, user

SENT = "You have **three** open tasks:\n\n- one\n- two\n- three"
SHOWN = "You have three open tasks:\none\ntwo\nthree"


def turn(shown: str, *, sent: str = SENT) -> list[Part]:
    """A turn that was sent one text and shows another."""
    return [
        opened(),
        send(100, "Hi", until=900),
        stream(120, good_events("Hi", sent)),
        state(400, user(1, "Hi"), reply(2, shown)),
    ]


def found_in(shown: str, *, sent: str = SENT) -> list[str]:
    """Which of the two symptoms a turn has."""
    audits = (reply_truncated.AUDIT, reply_altered.AUDIT)
    return [audit.id for audit in audits if failures(audit, turn(shown, sent=sent))]


def test_a_reply_shown_as_it_was_sent_has_neither() -> None:
    assert found_in(SHOWN) == []


def test_markdown_shown_raw_has_neither() -> None:
    assert found_in(SENT) == []


@pytest.mark.parametrize("shown", ["You", "You have three", "You have three open tasks:\none\ntw"])
def test_a_beginning_is_truncated(shown: str) -> None:
    assert found_in(shown) == ["reply-truncated"]


@pytest.mark.parametrize(
    "shown", ["You have four open tasks", "open tasks:\none\ntwo\nthree", f"{SHOWN} more"]
)
def test_other_words_are_altered(shown: str) -> None:
    assert found_in(shown) == ["reply-altered"]


def test_words_twice_over_are_a_duplicate_and_not_altered() -> None:
    assert found_in(SHOWN + SHOWN) == []


def test_nothing_at_all_is_missing_and_neither_of_them() -> None:
    assert found_in("") == []
    assert turns_of(failures(MISSING, turn(""))) == [1]


def test_emoji_alone_are_not_compared() -> None:
    assert found_in("👎", sent="👍") == []


def test_sources_in_the_text_make_other_words_undecidable() -> None:
    events = good_events("Hi", "Hello world and more.")
    content = events[-1][1]["item"]["content"][0]
    content["annotations"] = [{"type": "annotation", "source": {"type": "url"}, "index": 5}]
    shown = state(400, user(1, "Hi"), reply(2, "Hello example.com world and more."))
    parts = opened(), send(100, "Hi", until=900), stream(120, events), shown
    assert not failures(reply_altered.AUDIT, *parts)


def test_two_replies_are_compared_each_with_its_own() -> None:
    two = [*good_events("Hi", "First answer."), *good_events("Hi", "Second answer is long.", turn=2)]
    shown = state(400, user(1, "Hi"), reply(2, "First answer."), reply(3, "Second answer"))
    parts = opened(), send(100, "Hi", until=900), stream(120, two), shown
    assert [f.turn for f in failures(reply_truncated.AUDIT, *parts)] == [1]
    assert not failures(reply_altered.AUDIT, *parts)


def test_text_that_was_on_its_way_when_the_limit_came_is_not_truncated() -> None:
    parts: list[Part] = [
        opened(),
        send(100, "Hi", until=900, limit="turn"),
        stream(120, good_events("Hi", "You have three tasks", span=750)),
        state(400, user(1, "Hi"), reply(2, "You have"), responding=True),
    ]
    assert not failures(reply_truncated.AUDIT, *parts)


def test_without_a_readable_event_there_is_nothing_to_compare_with() -> None:
    made = recording(opened(), send(100, "Hi", until=900), state(400, user(1, "Hi"), reply(2, "Yes")))
    assert ask(reply_truncated.AUDIT, made).status == "not-testable"
