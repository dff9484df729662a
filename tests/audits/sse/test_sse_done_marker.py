"""``[DONE]`` in a ChatKit stream."""

from __future__ import annotations

from chatkit_doctor.audits.sse.sse_done_marker import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import answered
from tests.chatkit_events import good

MARKER = "data: [DONE]\n\n"


def test_a_marker_behind_a_good_turn_fails() -> None:
    assert [f.turn for f in failing(AUDIT, answered([*good(), MARKER]))] == [1]


def test_in_another_protocol_it_has_its_place() -> None:
    chunk = {"object": "chat.completion.chunk", "choices": [{"delta": {}}]}
    assert_silent(AUDIT, answered([chunk, MARKER]))


def test_a_good_turn_passes() -> None:
    assert_silent(AUDIT, answered(good()))
