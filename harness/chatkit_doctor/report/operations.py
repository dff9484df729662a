"""From the operations of a recording to those of the report object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.differences import Difference, as_json, that_matter
from chatkit_doctor.recording.views.operations import Answer, Column, Operation, Request, operations
from chatkit_doctor.report.operation_model import (
    AnswerColumnModel,
    DifferenceModel,
    OperationModel,
    RequestColumnModel,
)
from chatkit_doctor.safe_text import clip

MOST_OPERATIONS: Final = 200
"""Operations of a session that are told of."""
LONGEST_BODY: Final = 2_000
"""Characters kept of one body."""


def operation_models(recording: Recording) -> list[OperationModel]:
    """The operations of a session in order of time, the first of them where there are very many."""
    return [_operation(each) for each in operations(recording)[:MOST_OPERATIONS]]


def operations_left_out(recording: Recording) -> int:
    """How many operations there were beyond those."""
    return max(0, len(operations(recording)) - MOST_OPERATIONS)


def _operation(operation: Operation) -> OperationModel:
    return OperationModel(
        op=operation.op,
        turn=operation.turn,
        t_ms=operation.t_ms,
        n=operation.n,
        outcome=operation.outcome,
        own_fetch=operation.own_fetch,
        requests=operation.requests,
        asked=_request(operation.asked),
        sent=_request(operation.sent),
        answered=_answer(operation.answered),
        handed_back=_answer(operation.handed_back),
        meanwhile=list(operation.meanwhile),
    )


def _request(column: Column[Request]) -> RequestColumnModel:
    request = column.content
    headers = request.headers if request is not None else None
    return RequestColumnModel(
        state=column.state,
        differences=_differences(column.differences),
        left_out=column.left_out,
        note=column.note,
        method=request.method if request is not None else "",
        url=request.url if request is not None else "",
        headers=that_matter(headers) if headers is not None else None,
        body=_body(request.body) if request is not None else "",
    )


def _answer(column: Column[Answer]) -> AnswerColumnModel:
    answer = column.content
    events = len(answer.events) if answer is not None else 0
    body = answer.body if answer is not None and not events else None
    return AnswerColumnModel(
        state=column.state,
        differences=_differences(column.differences),
        left_out=column.left_out,
        note=column.note,
        status=answer.status if answer is not None else None,
        content_type=answer.content_type if answer is not None else "",
        events=events or None,
        body=clip((body or b"").decode("utf-8", "replace"), LONGEST_BODY),
    )


def _differences(differences: Sequence[Difference]) -> list[DifferenceModel]:
    return [DifferenceModel(part=each.part, before=each.before, after=each.after) for each in differences]


def _body(body: object) -> str:
    if body is None:
        return ""
    return clip(body if isinstance(body, str) else as_json(body), LONGEST_BODY)
