"""New threads that are never announced."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.thread_created_missing import AUDIT
from tests.audits.asking import ask, assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import Event, good


@pytest.mark.parametrize(
    "events",
    [
        good()[1:],
        [{"type": "error", "code": "stream.error"}],
        [{"type": "stream_options"}],
        [{"type": "thread.create", "thread": {"id": "t"}}, *good()[1:]],
    ],
)
def test_a_new_threads_stream_without_it_fails(events: list[Event]) -> None:
    (failure,) = failing(AUDIT, answered(events))
    assert failure.turn == 1
    assert events[0]["type"] in failure.why


@pytest.mark.parametrize(
    "events",
    [
        good(),
        [good()[1], good()[0], *good()[2:]],
        [{"type": "thread.created", "thread": {}}, *good()[1:]],
    ],
)
def test_announced_late_or_badly_is_announced(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))


def test_a_later_turn_needs_no_announcement() -> None:
    assert_silent(AUDIT, answered(good(), good(turn=2)))


@pytest.mark.parametrize("how", ["cut", "open", "aborted"])
def test_a_stream_that_did_not_end_well_says_nothing(how: str) -> None:
    assert ask(AUDIT, answered(good()[1:], how=how)).status == "not-applicable"
