"""Events whose data is not JSON."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.sse.sse_bad_json import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import Sent, answered
from tests.chatkit_events import good


@pytest.mark.parametrize("data", ['{"type": ', '{"type": "x", "n": NaN}', "Hello"])
def test_an_unreadable_event_among_good_ones_fails(data: str) -> None:
    (failure,) = failing(AUDIT, answered([*good()[:3], f"data: {data}\n\n", *good()[3:]]))
    assert failure.details["count"] == 1


def test_the_text_of_a_python_dict_is_recognised() -> None:
    (failure,) = failing(AUDIT, answered([*good(), "data: {'type': 'thread.created'}\n\n"]))
    assert "json.dumps" in failure.why


@pytest.mark.parametrize(
    "events",
    [
        good(),
        [*good(), "data: [DONE]\n\n"],
        [*good(), "data:\n\n", "data: null\n\n"],
        ["data: Hello\n\n", "data: there\n\n"],
        ['data: {"type": "x", "text": "aa… [70000 characters more]\n\n', *good()],
    ],
)
def test_markers_empty_events_plain_text_and_shortened_records_are_silent(events: list[Sent]) -> None:
    assert_silent(AUDIT, answered(events))
