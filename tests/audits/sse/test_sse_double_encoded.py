"""Events that are encoded twice."""

from __future__ import annotations

import json

from chatkit_doctor.audits.sse.sse_double_encoded import AUDIT
from tests.audits.asking import assert_silent, failing
from tests.audits.protocol.cases import answered
from tests.chatkit_events import good


def test_json_inside_a_json_string_fails() -> None:
    twice = [f"data: {json.dumps(json.dumps(event))}\n\n" for event in good()]
    (failure,) = failing(AUDIT, answered(twice))
    assert failure.details["count"] == len(good())


def test_single_encoding_and_plain_strings_pass() -> None:
    assert_silent(AUDIT, answered(good()))
    assert_silent(AUDIT, answered([*good(), 'data: "just text"\n\n']))
