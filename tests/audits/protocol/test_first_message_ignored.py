"""``threads.create`` answered without its message."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.protocol.first_message_ignored import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import HELLO, created, done, good, user


@pytest.mark.parametrize(
    "events",
    [
        [created()],
        [created(), {"type": "stream_options"}],
        [created(), {"type": "error"}],
        [{"error": "no"}],
    ],
)
def test_a_thread_and_nothing_else_fails(events: list[Sent]) -> None:
    (failure,) = failing(AUDIT, answered(events))
    assert HELLO in failure.why


@pytest.mark.parametrize(
    "events",
    [
        good(),
        [created(), done(user())],
        [created(), user()],
    ],
)
def test_a_message_or_a_reply_is_silent(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))
