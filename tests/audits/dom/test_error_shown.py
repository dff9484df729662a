"""Errors the user is told of."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.dom.error_shown import AUDIT
from tests.audits.asking import failures, turns_of
from tests.recordings import Part, opened, send, state, stream, user

SENT = [opened(), send(100, "Hi", until=900)]


def notice(level: str) -> tuple[float, dict[str, object]]:
    """A backend's own notice."""
    return 8.0, {"type": "notice", "level": level, "title": "Note", "message": "Just **so** you know"}


def test_a_banner_is_an_error_with_its_words() -> None:
    (found,) = failures(AUDIT, SENT, state(300, user(1, "Hi"), alerts=[("error", "It failed\nRetry")]))
    assert (found.turn, found.details["text"]) == (1, "It failed\nRetry")


def test_a_banner_that_stays_is_reported_once() -> None:
    alerts = [("error", "It failed")]
    assert (
        len(failures(AUDIT, SENT, state(300, alerts=alerts), state(400, user(1, "Hi"), alerts=alerts))) == 1
    )


def test_a_banner_before_any_message_belongs_to_no_turn() -> None:
    assert turns_of(failures(AUDIT, opened(), state(70, view="start", alerts=[("error", "No")]))) == [None]


@pytest.mark.parametrize("level", ["info", "warning", "danger"])
def test_a_notice_of_the_backend_is_content(level: str) -> None:
    shown = state(300, user(1, "Hi"), alerts=[("notice", "Note\nJust so you know")])
    assert not failures(AUDIT, SENT, stream(120, [notice(level)]), shown)


def test_a_notice_that_no_backend_sent_is_an_error() -> None:
    assert turns_of(failures(AUDIT, SENT, state(300, alerts=[("notice", "Something failed")]))) == [1]


def test_the_fallback_of_a_crash_is_another_symptom() -> None:
    assert not failures(AUDIT, SENT, state(300, alerts=[("crash", "Something went wrong")]))


@pytest.mark.parametrize("by", ["frame", "mutation"])
def test_a_second_turns_banner_is_reported_like_the_firsts(by: str) -> None:
    alerts = [("error", "It failed")]
    again: list[Part] = [send(1000, "And?", turn=2, until=1900), state(1100, user(1, "Hi"), by=by)]
    found = failures(
        AUDIT,
        SENT,
        state(300, user(1, "Hi"), alerts=alerts),
        again,
        state(1200, user(1, "Hi"), alerts=alerts),
    )
    assert turns_of(found) == [1, 2]


def test_a_banner_that_is_still_there_in_the_next_turn_is_the_firsts() -> None:
    alerts = [("error", "It failed")]
    again: list[Part] = [send(1000, "And?", turn=2, until=1900), state(1100, user(1, "Hi"), alerts=alerts)]
    found = failures(AUDIT, SENT, state(300, user(1, "Hi"), alerts=alerts), again)
    assert turns_of(found) == [1]
