"""Elements that are taken away during a turn."""

from __future__ import annotations

from chatkit_doctor.audits.page.element_remounted import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.page.pages import opening, page
from tests.recordings import recording, reloaded, send

SEND = send(600, "Hi", until=1500)


def test_a_removed_element_fails() -> None:
    gone = page("element", 700, state="disconnected", count=0)
    (failure,) = failing(AUDIT, recording(opening(), SEND, gone))
    assert (failure.turn, failure.details["put_back"]) == (1, False)


def test_a_moved_element_is_told_from_a_removed_one() -> None:
    moved = [
        page("element", 700 + n, state=s, count=1 - n % 2)
        for n, s in enumerate(("disconnected", "connected"))
    ]
    assert failing(AUDIT, recording(opening(), SEND, moved))[0].details["put_back"] is True


def test_outside_of_turns_it_may_come_and_go() -> None:
    early = page("element", 300, state="disconnected", count=0)
    again = page("element", 1700, state="connected", count=1)
    assert_silent(AUDIT, recording(opening(early), SEND, reloaded(1600), again))
