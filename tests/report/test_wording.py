"""How things are said, the same in every output."""

from __future__ import annotations

import pytest

from chatkit_doctor.report.model import ExpectationModel
from chatkit_doctor.report.wording import Outcome, duration, outcome, status_label, summary, trace_command
from tests.report import examples


@pytest.mark.parametrize(
    ("ms", "expected"),
    [(0, "0 ms"), (9_999, "9,999 ms"), (12_400, "12.4 s"), (125_000, "2 min 5 s"), (179_600, "3 min 0 s")],
)
def test_a_duration_is_in_the_unit_a_person_would_choose(ms: float, expected: str) -> None:
    assert duration(ms) == expected


def test_a_trace_command_can_be_pasted_whatever_the_path() -> None:
    assert trace_command("a b;c/trace.zip") == "playwright show-trace 'a b;c/trace.zip'"


@pytest.mark.parametrize("verdict", ["pass", "fail", "inconclusive"])
def test_a_met_expectation_passes_whatever_the_verdict(verdict: str) -> None:
    met = ExpectationModel(met=True, drift=[])
    report = examples.control().model_copy(update={"verdict": verdict, "expectation": met})
    assert (outcome(report), status_label(report)) == (Outcome.PASSED, "as expected")


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("pass", (Outcome.FAILED, "drifted")),
        ("fail", (Outcome.FAILED, "drifted")),
        ("inconclusive", (Outcome.INCONCLUSIVE, "inconclusive")),
    ],
)
def test_an_expectation_not_met_is_never_green(verdict: str, expected: tuple[Outcome, str]) -> None:
    missed = ExpectationModel(met=False, drift=["it drifted"])
    report = examples.control().model_copy(update={"verdict": verdict, "expectation": missed})
    assert (outcome(report), status_label(report)) == expected


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("pass", (Outcome.PASSED, "passed")),
        ("fail", (Outcome.FAILED, "failed")),
        ("inconclusive", (Outcome.INCONCLUSIVE, "inconclusive")),
    ],
)
def test_without_an_expectation_the_verdict_decides(verdict: str, expected: tuple[Outcome, str]) -> None:
    report = examples.control().model_copy(update={"verdict": verdict, "expectation": None})
    assert (outcome(report), status_label(report)) == expected


def test_a_symptom_seen_in_two_turns_is_named_once() -> None:
    report = examples.attempt_3()
    twice = report.model_copy(update={"symptoms": [*report.symptoms, *report.symptoms]})
    assert summary(twice) == "fail: wrong-dialect (responses); blank-panel, user-message-vanished"
