"""Reloads after which nobody asks for the thread."""

from __future__ import annotations

from collections.abc import Mapping

from chatkit_doctor.audits.persistence.thread_not_restored import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.page.pages import page
from tests.conversations import exchange, recorded
from tests.recordings import Made, Part, entry, reloaded, send

TURN = send(0, "Hi", until=900)


def change(thread_id: str | None) -> Made:
    """The component's word on its thread."""
    detail = {"threadId": thread_id}
    return entry(100, "component", "component.event", name="thread.change", detail=detail)


def reload(options: Mapping[str, object]) -> list[Part]:
    """A reload, with these options."""
    return [*reloaded(1000), page("options", 1050, options=options, threw=None)]


def test_a_reload_without_initial_thread_fails() -> None:
    (failure,) = failing(AUDIT, recorded(TURN, change("thr_1"), reload({"api": {}})))
    assert failure.details["thread"] == "thr_1"
    assert "without initialThread" in failure.why


def test_an_initial_thread_in_the_wrong_place_is_told() -> None:
    options = {"api": {"initialThread": "thr_1"}}
    assert "inside api" in failing(AUDIT, recorded(TURN, change("thr_1"), reload(options)))[0].why


def test_a_thread_that_is_asked_for_passes() -> None:
    read = exchange(1100, "threads.get_by_id", {}, mime="application/json")
    assert_silent(AUDIT, recorded(TURN, change("thr_1"), reload({"initialThread": "thr_1"}), read))


def test_without_a_thread_or_a_reload_there_is_nothing_to_restore() -> None:
    assert ask(AUDIT, recorded(TURN, change(None), reload({}))).status == "not-applicable"
    assert ask(AUDIT, recorded(TURN, change("thr_1"))).status == "not-applicable"


def test_a_page_that_did_not_come_up_again_has_another_problem() -> None:
    assert_silent(AUDIT, recorded(TURN, change("thr_1"), reloaded(1000)))
