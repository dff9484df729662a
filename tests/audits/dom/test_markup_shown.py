"""Text on screen that is meant for a program."""

from __future__ import annotations

from chatkit_doctor.audits.dom.markup_shown import AUDIT
from tests.audits.asking import failures, turns_of
from tests.recordings import Part, good_events, opened, reply, send, state, stream, user

MARKED = "Gate 22【4:0†flights.pdf】."


def turn(sent: str, shown: str) -> list[Part]:
    """A turn that was sent one text and shows another."""
    shows = state(400, user(1, "Hi"), reply(2, shown))
    return [opened(), send(100, "Hi", until=900), stream(120, good_events("Hi", sent)), shows]


def test_a_marker_on_screen_is_seen() -> None:
    (failure,) = failures(AUDIT, *turn(MARKED, MARKED))
    assert "【4:0†flights.pdf】" in failure.evidence[0].text
    assert turns_of((failure,)) == [1]


def test_a_marker_that_was_taken_out_on_the_way_to_the_screen_is_not() -> None:
    assert failures(AUDIT, *turn(MARKED, "Gate 22.")) == ()


def test_code_is_meant_to_be_read() -> None:
    assert failures(AUDIT, *turn("Write `【4:0†source】`.", "Write 【4:0†source】.")) == ()
