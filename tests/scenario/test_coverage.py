"""Every operation that the protocol has is asked for by the component in some scenario."""

from __future__ import annotations

from typing import get_args

from chatkit.types import NonStreamingReq, StreamingReq

from chatkit_doctor.scenario.coverage import shown_by
from chatkit_doctor.scenario.select import select
from chatkit_doctor.vocabulary import JSON_OPS, STREAMING_OPS


def _ops(union: object) -> set[str]:
    return {str(model.model_fields["type"].default) for model in get_args(union)}


def test_the_vocabulary_has_the_operations_of_the_sdk() -> None:
    assert _ops(StreamingReq) == STREAMING_OPS
    assert _ops(NonStreamingReq) == JSON_OPS


def test_every_operation_is_sent_in_a_scenario() -> None:
    shown = shown_by(select([]))
    assert set(shown) == STREAMING_OPS | JSON_OPS
    assert [op for op, names in shown.items() if not names] == []
