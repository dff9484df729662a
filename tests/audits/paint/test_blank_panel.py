"""Panels that show nothing."""

from __future__ import annotations

import msgspec
import pytest

from chatkit_doctor.audits.paint.blank_panel import AUDIT
from chatkit_doctor.recording.header import BrowserInfo
from tests.audits.asking import ask, failures, turns_of
from tests.journals import HEADER
from tests.recordings import entry, opened, recording, reply, send, state, step, user

SENT = [opened(), send(100, "Hi", until=900)]
BOX = {
    "width": 420,
    "height": 640,
    "in_viewport": True,
    "display": "block",
    "visibility": "visible",
    "opacity": 1,
}


def test_a_panel_that_empties_in_a_turn_is_blank_from_that_moment_on() -> None:
    found = failures(AUDIT, SENT, state(300, user(1, "Hi")), state(600, view="blank"))
    assert (turns_of(found), found[0].t_ms) == ([1], 600)


def test_a_thread_without_messages_is_blank() -> None:
    assert turns_of(failures(AUDIT, SENT, state(300, user(1, "Hi")), state(600))) == [1]


def test_a_page_that_comes_up_without_a_start_screen_is_blank() -> None:
    empty = step(0, "open", index=0, until=90), state(40, view="blank")
    assert turns_of(failures(AUDIT, *empty)) == [None]


@pytest.mark.parametrize(("until", "blank"), [(300, False), (80, True)], ids=["still busy", "long over"])
def test_what_the_frame_had_no_time_to_paint_is_no_blank_panel(until: float, blank: bool) -> None:
    """The start screen is in the DOM when the step ends, and a busy machine paints it only later."""
    opening = step(0, "open", index=0, until=90), state(40, view="blank")
    unpainted = state(70 if not blank else 50, view="start", by="mutation")
    busy = entry(until, "dom", "dom.stall", ms=until - 45)
    sending = send(100, "Hi", until=900)
    shown = [] if blank else [state(310, view="start")]
    assert bool(failures(AUDIT, *opening, unpainted, busy, sending, *shown)) == blank


def test_a_panel_that_stays_blank_is_reported_once() -> None:
    second = send(1000, "Again", turn=2, until=1900)
    assert turns_of(failures(AUDIT, SENT, state(600, view="blank"), second)) == [1]


def test_a_frame_that_removes_itself_leaves_a_blank_panel() -> None:
    gone = entry(300, "frame", "frame.detached", url="https://cdn.test/chatkit/index.html")
    (found,) = failures(AUDIT, SENT, gone)
    assert "frame is gone" in found.evidence[0].text


def test_a_panel_that_is_empty_only_in_between_is_none() -> None:
    parts = state(300, user(1, "Hi")), state(350, view="blank"), state(380, user(1, "Hi"), reply(2, "Yes"))
    assert not failures(AUDIT, SENT, *parts)


@pytest.mark.parametrize(
    "other",
    [
        {"culprit": {"element": "div#app", "how": "display: none"}},
        {"height": 0},
        {"opacity": 0.01},
        {"visibility": "hidden"},
        {"covered_by": "div.cookies"},
        {"in_viewport": False},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_chat_that_cannot_be_seen_is_blank_whatever_it_holds(other: dict[str, object]) -> None:
    box = entry(850, "paint", "paint.box", at="settled", **{**BOX, **other})
    assert turns_of(failures(AUDIT, SENT, state(300, user(1, "Hi")), box)) == [1]


def test_a_chat_in_plain_sight_is_not() -> None:
    box = entry(850, "paint", "paint.box", at="settled", **BOX, covered_by=None, culprit=None)
    assert not failures(AUDIT, SENT, state(300, user(1, "Hi")), box)


def test_a_chat_below_the_fold_is_not_before_anything_was_typed() -> None:
    box = entry(80, "paint", "paint.box", at="start", **{**BOX, "in_viewport": False})
    assert not failures(AUDIT, opened(), box)


def test_a_chat_below_the_fold_is_not_blank_because_the_browser_does_not_paint_it() -> None:
    states = state(40, view="blank"), state(60, view="start", by="mutation")
    opening = step(0, "open", index=0, until=90)
    below = entry(80, "paint", "paint.box", at="start", **{**BOX, "in_viewport": False})
    within = entry(80, "paint", "paint.box", at="start", **BOX)
    assert not failures(AUDIT, opening, states, below)
    assert turns_of(failures(AUDIT, opening, states, within)) == [None]


def test_a_frame_whose_document_failed_is_blank_although_nothing_was_painted() -> None:
    failed = entry(30, "frame", "frame.document", url="https://cdn.test/x", status=403, error="")
    assert turns_of(failures(AUDIT, step(0, "open", index=0, until=90), failed)) == [None]


def test_a_chat_that_is_not_displayed_is_blank_although_nothing_was_painted() -> None:
    box = entry(80, "paint", "paint.box", at="start", **{**BOX, "height": 0})
    hidden = state(40, view="start", by="mutation")
    assert turns_of(failures(AUDIT, step(0, "open", index=0, until=90), hidden, box)) == [None]


def test_a_frame_nothing_is_known_of_cannot_be_judged() -> None:
    made = recording(step(0, "open", index=0, until=90))
    assert ask(AUDIT, made).status == "not-testable"


def test_a_moment_of_an_animation_is_not_judged() -> None:
    parts = SENT, state(300, user(1, "Hi")), state(890, view="blank")
    browser = BrowserInfo(name="chromium", version="", headless=True, motion=True)
    made = recording(*parts, header=msgspec.structs.replace(HEADER, browser=browser))
    assert ask(AUDIT, made).status == "not-testable"
