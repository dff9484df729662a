"""What the page's fetch did to each operation, in the report object and in a line."""

from __future__ import annotations

import pytest

from chatkit_doctor.report.operation_model import (
    AnswerColumnModel,
    DifferenceModel,
    OperationModel,
    RequestColumnModel,
)
from chatkit_doctor.report.operations import (
    LONGEST_BODY,
    MOST_OPERATIONS,
    operation_models,
    operations_left_out,
)
from chatkit_doctor.report.told_operations import told_operations
from tests.chatkit_events import good
from tests.conversations import Handed, exchange, recorded
from tests.recordings import URL

JSON = "application/json"
ASKED = RequestColumnModel(state="shown", method="POST", url=URL)
SAME = RequestColumnModel(state="same", method="POST", url=URL)
ANSWERED = AnswerColumnModel(state="shown", status=200, content_type="text/event-stream", events=9)


def operation(
    outcome: str = "changed",
    *,
    sent: RequestColumnModel = SAME,
    handed_back: AnswerColumnModel | None = None,
) -> OperationModel:
    """An operation as a report tells of it."""
    return OperationModel(
        op="threads.create",
        turn=1,
        t_ms=100.0,
        n=3,
        outcome=outcome,
        own_fetch=True,
        requests=1,
        asked=ASKED,
        sent=sent,
        answered=ANSWERED,
        handed_back=handed_back or ANSWERED.model_copy(update={"state": "same"}),
    )


def sent(*differences: tuple[str, str | None, str | None], left_out: int = 0) -> RequestColumnModel:
    """A request that differs so from what was requested."""
    listed = [DifferenceModel(part=part, before=before, after=after) for part, before, after in differences]
    return SAME.model_copy(update={"state": "different", "differences": listed, "left_out": left_out})


def test_a_stream_is_told_by_its_events_and_anything_else_by_its_body() -> None:
    page = Handed(mime=JSON)
    listed, created = operation_models(
        recorded(
            exchange(50, "threads.list", {"data": []}, mime=JSON, custom=page),
            exchange(100, body=good(), custom=Handed()),
        )
    )
    assert (listed.answered.events, listed.answered.body) == (None, '{"data": []}')
    assert (created.answered.events, created.answered.body) == (len(good()), "")
    assert (created.asked.method, created.asked.url) == ("POST", URL)
    assert created.asked.body == '{"type": "threads.create", "params": {}}'


def test_a_long_body_is_cut_and_says_so() -> None:
    (one,) = operation_models(recorded(exchange(100, body=good(), params={"text": "x" * 3000})))
    assert "characters more]" in one.asked.body
    assert len(one.asked.body) < LONGEST_BODY + 50


def test_very_many_operations_are_not_all_told_of_and_the_rest_is_counted() -> None:
    made = recorded(
        *(exchange(100.0 * n, "threads.list", {}, mime=JSON) for n in range(1, MOST_OPERATIONS + 4))
    )
    assert len(operation_models(made)) == MOST_OPERATIONS
    assert operations_left_out(made) == 3


def test_a_rewritten_request_is_told_in_a_line() -> None:
    rewritten = sent(("url", URL, "/chat"), ("$.type", '"threads.create"', '"chat"'))
    (line,) = told_operations([operation(sent=rewritten)])
    said = f'url: {URL} → /chat, $.type: "threads.create" → "chat"'
    assert line == f"threads.create: the page sent another request: {said}"


def test_of_many_differences_the_first_are_named() -> None:
    many = sent(*((f"$.{name}", None, "1") for name in "abcd"), left_out=2)
    (line,) = told_operations([operation(sent=many)])
    said = "$.a: absent → 1, $.b: absent → 1, $.c: absent → 1, and 3 more"
    assert line == f"threads.create: the page sent another request: {said}"


def test_an_altered_answer_is_told_in_a_line() -> None:
    dropped = DifferenceModel(part="events from event 2 on: 6 dropped", before="{}", after=None)
    altered = ANSWERED.model_copy(update={"state": "different", "differences": [dropped]})
    assert told_operations([operation(handed_back=altered)]) == [
        (
            "threads.create: the page returned a different response: events from event 2 on: 6 dropped: {} → "
            "absent"
        )
    ]


def test_an_answer_of_the_pages_own_is_told_once_however_often_it_came() -> None:
    made_up = AnswerColumnModel(state="shown", status=200, content_type=JSON)
    answered = operation("answered-by-page", handed_back=made_up)
    said = "no request was recognised for it; answered by the page with 200 application/json"
    assert told_operations([answered, operation("same"), answered]) == [f"threads.create: {said} (2 times)"]


@pytest.mark.parametrize(
    "ordinary",
    [
        operation("same"),
        operation("not-recorded"),
        operation("nothing-handed-back"),
        operation(sent=sent(("header authorization", None, "Bearer ███"))),
    ],
)
def test_what_takes_nothing_from_a_request_is_not_told_in_a_line(ordinary: OperationModel) -> None:
    assert told_operations([ordinary]) == []
