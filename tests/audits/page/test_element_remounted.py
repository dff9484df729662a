"""Elements that are removed during a turn."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.page.element_remounted import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.page.pages import opening, page
from tests.recordings import Made, Part, entry, recording, reloaded, send

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


def left(t: float, url: str = "https://app.example/login") -> list[Made]:
    """Another document comes, and the frame of the old one goes."""
    gone = entry(t + 5, "frame", "frame.detached", url="https://cdn.platform.openai.com/")
    return [page("document", t, url=url, status=200), gone]


def test_a_page_that_is_left_during_a_turn_takes_the_element_along() -> None:
    (failure,) = failing(AUDIT, recording(opening(), SEND, left(700)))
    assert (failure.turn, failure.details["loaded"]) == (1, "https://app.example/login")


def test_a_reload_is_a_step_of_its_own() -> None:
    assert_silent(AUDIT, recording(opening(), SEND, reloaded(1600), left(1610)))


def test_a_download_leaves_the_page_where_it_is() -> None:
    assert_silent(AUDIT, recording(opening(), SEND, page("document", 700, url="/report.pdf", status=200)))


def put_back(at: float = 40) -> list[Made]:
    """The element is taken out and put back at once."""
    gone = page("element", at, state="disconnected", count=0)
    return [gone, page("element", at + 1, state="connected", count=1)]


def asks(t: float = 700) -> Made:
    """The component asks for an answer."""
    return entry(t, "request", "request.asked", op="threads.create", url="/chatkit", nonce="n")


def event(t: float) -> Made:
    """The component says something, and is heard."""
    return entry(t, "component", "component.event", name="log")


def test_an_element_that_was_put_back_before_the_turn_and_is_deaf_in_it_fails() -> None:
    (failure,) = failing(AUDIT, recording(opening(event(35), put_back()), SEND, asks()))
    assert (failure.turn, failure.t_ms, failure.details["deaf"]) == (1, 40, True)
    assert [evidence.t_ms for evidence in failure.evidence] == [40, 41, 700]


@pytest.mark.parametrize("heard", [100, 800])
def test_one_that_is_heard_is_another_element(heard: float) -> None:
    assert_silent(AUDIT, recording(opening(put_back()), SEND, asks(), event(heard)))


def test_one_that_was_put_back_before_the_page_was_loaded_anew_is_another_element() -> None:
    anew: list[Part] = [reloaded(1600), page("element", 1620, state="defined", count=1)]
    later = send(2000, "Again", turn=2, until=3000)
    assert_silent(AUDIT, recording(opening(put_back()), SEND, anew, later, asks(2100)))


def test_a_document_that_is_told_of_late_is_the_one_that_it_was_put_back_in() -> None:
    late = page("document", 120, url="https://app.example/", status=200)
    (failure,) = failing(AUDIT, recording(opening(put_back(), late), SEND, asks()))
    assert failure.details["deaf"] is True


def test_a_frame_that_asks_for_nothing_tells_of_no_deafness() -> None:
    assert_silent(AUDIT, recording(opening(put_back()), SEND))
