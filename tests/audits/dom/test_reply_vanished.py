"""Replies that were shown and removed."""

from __future__ import annotations

from typing import Any

import pytest

from chatkit_doctor.audits.dom.reply_vanished import AUDIT
from tests.audits.asking import failures, turns_of
from tests.recordings import (
    Part,
    good_events,
    good_turn,
    item,
    opened,
    reloaded,
    reply,
    send,
    state,
    step,
    stream,
    user,
)

SENT = [opened(), send(100, "Hi", until=900)]


def test_a_reply_that_is_gone_says_how_long_it_was_visible() -> None:
    (found,) = failures(AUDIT, SENT, state(300, reply(2, "Yes")), state(700))
    assert (found.turn, found.t_ms, found.details["visible_ms"]) == (1, 700, 400)


def test_a_reply_whose_text_is_erased_has_vanished() -> None:
    (found,) = failures(AUDIT, SENT, state(300, reply(2, "Yes")), state(700, reply(2, "")))
    assert "erased" in found.evidence[1].text


def test_a_reply_that_a_call_of_the_page_takes_away_has_vanished() -> None:
    call = step(1000, "call", index=5, until=1400, method="fetchUpdates")
    assert turns_of(failures(AUDIT, SENT, state(300, reply(2, "Yes")), call, state(1100))) == [1]


def test_a_reply_that_is_replaced_in_its_turn_has_not() -> None:
    assert not failures(AUDIT, SENT, state(300, reply(2, "First version")), state(700, reply(3, "Second")))


def replaced(second: dict[str, Any]) -> list[Part]:
    """Two turns; the second puts an item in place of the first one's reply, and the screen shows it."""
    replacement = {"type": "thread.item.replaced", "item": second}
    return [
        opened(),
        *good_turn(100, "Hi", "A long list"),
        send(2_000, "And?", turn=2, until=2_900),
        stream(2_050, [(0.0, replacement), *good_events("And?", "Yes", turn=2)[1:]], turn=2),
        state(2_400, user(1, "Hi"), item(9, "widget", "Collapsed"), user(3, "And?"), reply(4, "Yes")),
    ]


def test_a_reply_that_the_backend_replaced_later_has_not_vanished() -> None:
    assert not failures(AUDIT, replaced({"type": "widget", "id": "a1", "widget": {"type": "Card"}}))


def test_a_reply_whose_item_was_not_replaced_has() -> None:
    assert failures(AUDIT, replaced({"type": "widget", "id": "another", "widget": {"type": "Card"}}))


def test_a_reply_that_was_replaced_by_nothing_has() -> None:
    assert failures(AUDIT, replaced({"type": "assistant_message", "id": "a1", "content": []}))


def test_an_empty_bubble_that_goes_takes_nothing_along() -> None:
    assert not failures(AUDIT, SENT, state(300, reply(2, "")), state(700))


@pytest.mark.parametrize("kind", ["progress-update", "workflow", "structured-input"])
def test_items_that_come_and_go_by_design_have_not_vanished(kind: str) -> None:
    assert not failures(AUDIT, SENT, state(300, item(2, kind, "Working")), state(700, reply(3, "Yes")))


def test_leaving_the_page_takes_no_reply_away() -> None:
    assert not failures(AUDIT, SENT, state(300, user(1, "Hi"), reply(2, "Yes")), reloaded(1000))


def pressed(control: str) -> list[Part]:
    """A reply, and a control that the person presses; what stood there is gone while the step lasts."""
    press = step(1_000, "press", index=5, until=1_400, text=control)
    return [*SENT, state(300, reply(2, "Yes")), press, state(1_100), state(1_300, reply(3, "No"))]


@pytest.mark.parametrize("control", ["regenerate", "retry"])
def test_a_reply_that_the_person_has_made_again_has_not_vanished(control: str) -> None:
    assert not failures(AUDIT, pressed(control))


@pytest.mark.parametrize("control", ["thumbs-up", "stop"])
def test_another_control_takes_no_reply_away(control: str) -> None:
    assert turns_of(failures(AUDIT, pressed(control))) == [1]


def test_a_reply_of_a_thread_that_is_deleted_has_not_vanished() -> None:
    delete = step(1_000, "delete", index=5, until=1_400, text="My talk")
    assert not failures(AUDIT, SENT, state(300, reply(2, "Yes")), delete, state(1_100))


def test_a_reply_that_was_gone_before_the_person_did_anything_has() -> None:
    delete = step(1_000, "delete", index=5, until=1_400, text="My talk")
    assert turns_of(failures(AUDIT, SENT, state(300, reply(2, "Yes")), state(700), delete)) == [1]
