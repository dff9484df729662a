"""How things are said, the same in every output."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from chatkit_doctor.paths import scenarios_dir
from chatkit_doctor.report.html import write_html
from chatkit_doctor.report.markdown import session_markdown
from chatkit_doctor.report.model import ExpectationModel
from chatkit_doctor.report.terminal import print_report
from chatkit_doctor.report.wording import (
    CAUSE,
    EVIDENCE,
    FIX,
    LAYERS,
    SYMPTOMS,
    WHY,
    Outcome,
    duration,
    outcome,
    status_label,
    summary,
    trace_command,
)
from tests.report import examples
from tests.report.documents import Document


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


@pytest.mark.parametrize("word", [SYMPTOMS, CAUSE, WHY, FIX, EVIDENCE, LAYERS])
def test_a_part_of_an_answer_has_one_name_everywhere(word: str, tmp_path: Path) -> None:
    report = examples.checked()
    console = Console(file=io.StringIO(), record=True, width=100, force_terminal=False)
    print_report(report, console)
    assert re.search(rf"^ *{word}\b", console.export_text(), re.MULTILINE | re.IGNORECASE)
    assert f"**{word}**" in session_markdown(report)
    document = Document.read(write_html(report, tmp_path))
    labels = [element.text.partition(":")[0] for element in document.all("h2", "dt", "summary")]
    assert word in labels


@pytest.mark.parametrize("word", [SYMPTOMS, CAUSE, FIX, EVIDENCE, LAYERS])
def test_the_page_on_reports_calls_a_part_of_an_answer_the_same(word: str) -> None:
    page = (scenarios_dir().parent / "docs" / "reading-a-report.md").read_text(encoding="utf-8")
    assert re.search(rf"\b{word}\b", page, re.IGNORECASE)
