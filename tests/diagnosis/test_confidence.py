"""How sure a cause is without a browser: what an experiment confirms, and what nothing else accounts for."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.audits.audit import Finding
from chatkit_doctor.diagnosis.confidence import by_layers_alone, graded
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from tests.chatkit_events import Event, created, done, reply, streamed, user
from tests.conversation.made import conversation, first, judged, sse
from tests.diagnosis.test_diagnose import failed, of
from tests.diagnosis.test_needed import CAME, ERROR, GONE, NEVER_CAME, NO_REPLY, found

MISSING = failed("reply-missing")


def confidence(diagnosis: Diagnosis) -> str:
    """How sure the cause is, which must be the same wherever it is told."""
    assert diagnosis.cause is not None
    assert diagnosis.causes[0] == diagnosis.cause
    return diagnosis.cause.confidence


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        pytest.param([failed("auth-rejected", "reply-missing")], "certain", id="nothing to repair"),
        pytest.param([failed("container-not-visible", "reply-missing")], "certain", id="of the page"),
        pytest.param([failed("invalid-event", "reply-missing")], "likely", id="to be tried out"),
        pytest.param(
            [failed("auth-rejected", "reply-missing"), failed("empty-body", "reply-missing")],
            "likely",
            id="another explanation",
        ),
        pytest.param(
            [failed("insecure-context", "reply-missing"), failed("render-error", "reply-missing")],
            "certain",
            id="what it does in the component",
        ),
        pytest.param(
            [failed("insecure-context", "reply-missing"), failed("handler-error", "reply-missing")],
            "certain",
            id="what it makes the component throw",
        ),
        pytest.param(
            [
                failed("error-shown"),
                failed("auth-rejected", "reply-missing"),
                failed("empty-body", "error-shown"),
            ],
            "certain",
            id="an explanation of something else",
        ),
        pytest.param(
            [failed("auth-rejected", "reply-missing"), failed("threads-list-invalid")],
            "certain",
            id="something else besides",
        ),
        pytest.param(
            [failed("auth-rejected", "reply-missing"), failed("empty-body", "reply-missing", turn=2)],
            "certain",
            id="a later one",
        ),
    ],
)
def test_without_an_experiment_only_what_stands_alone_is_certain(
    findings: list[Finding], expected: str
) -> None:
    assert confidence(by_layers_alone(of(MISSING, *findings))) == expected


@pytest.mark.parametrize(
    "events",
    [
        [created(), *streamed()],
        [created(), done(user()), done(reply(content=[{"type": "text", "text": "Hi."}]))],
        [created(), done(user()), {"type": "error", "code": "stream.error"}],
        [created(), done(user())],
    ],
    ids=["user-item-missing", "invalid-event", "backend-error-event", "reply-item-missing"],
)
def test_what_the_simulation_confirms_or_nothing_else_accounts_for_is_certain(
    events: list[Event], tmp_path: Path
) -> None:
    report = judged(conversation(first(events)), tmp_path)
    assert [cause.confidence for cause in report.causes] == ["certain"]


def test_a_fault_whose_repair_leaves_the_symptoms_is_likely_at_most(tmp_path: Path) -> None:
    written_by_python = f"data: {done(reply(''))}\n\n".encode()
    body = b"".join([*sse([created(), done(user())]), written_by_python])
    report = judged(conversation(first(body)), tmp_path)
    assert [(cause.id, cause.confidence) for cause in report.causes] == [
        ("sse-bad-json", "likely"),
        ("empty-reply", "certain"),
    ]


def test_of_two_that_account_for_the_same_neither_is_certain() -> None:
    one = found("backend-error-event", CAME, NO_REPLY, ERROR, could=[NO_REPLY, ERROR])
    other = found("markup-in-reply", CAME, NO_REPLY, could=[NO_REPLY])
    (first_one,) = graded([one], [one, other], ())
    assert first_one.cause.confidence == "likely"


def test_what_never_came_because_of_it_is_no_rival() -> None:
    error = found("backend-error-event", CAME, NO_REPLY, could=[NO_REPLY])
    missing = found("reply-item-missing", NEVER_CAME, NO_REPLY, could=[NO_REPLY])
    (only,) = graded([error], [error, missing], {"reply-item-missing"})
    assert only.cause.confidence == "certain"


def test_a_repair_that_was_tried_out_has_no_rival() -> None:
    tried = found("user-item-missing", NEVER_CAME, GONE)
    other = found("backend-error-event", CAME, ERROR, could=[ERROR, GONE])
    (only,) = graded([tried], [tried, other], ())
    assert only.cause.confidence == "certain"
