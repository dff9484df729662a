"""Warnings that count as failures: what every output says of it, and that the verdict stays."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import msgspec
import pytest
from rich.console import Console

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.engine.events import Judgement
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.report.build import build_run, report_of
from chatkit_doctor.report.html import write_html
from chatkit_doctor.report.junit import write_junit
from chatkit_doctor.report.model import ReportModel, StrictModel
from chatkit_doctor.report.terminal import print_report
from chatkit_doctor.report.wording import Outcome, exit_code, outcome, status_label, summary
from tests.chatkit_events import created, good
from tests.report import examples
from tests.screens import seen

SORRY: Final = "I'm sorry, I encountered an error: Connection refused"
WARNED: Final = StrictModel(failed=True, warnings=["error-told-as-reply"])


def reported(made: Recording, *, strict: bool) -> ReportModel:
    """The report of a recording."""
    return report_of(Judgement(made, diagnose(made, examine(made)), None), {}, strict=strict)


def test_a_warning_fails_a_session_whose_verdict_stays() -> None:
    report = reported(seen(good(SORRY)), strict=True)
    assert report.strict == WARNED
    assert (report.verdict, outcome(report), exit_code(report)) == ("pass", Outcome.FAILED, 1)


def test_where_it_was_not_asked_for_a_warning_fails_nothing() -> None:
    report = reported(seen(good(SORRY)), strict=False)
    assert [warning.id for warning in report.warnings] == ["error-told-as-reply"]
    assert report.strict is None
    assert (report.verdict, outcome(report), exit_code(report)) == ("pass", Outcome.PASSED, 0)


@pytest.mark.parametrize(("events", "code"), [(good(), 0), ([created()], 1)])
def test_without_a_warning_that_counts_the_verdict_decides(
    events: list[dict[str, object]], code: int
) -> None:
    report = reported(seen(events), strict=True)
    assert report.strict == StrictModel(failed=False, warnings=[])
    assert exit_code(report) == code


def test_what_could_not_be_checked_is_not_decided_by_it() -> None:
    assert exit_code(examples.broken_off()) == 2


def test_a_warning_that_the_scenario_expects_does_not_count() -> None:
    made = seen(good(SORRY))
    for expected, failed in ((["error-told-as-reply"], False), (["unknown-event"], True)):
        named = replace(made, header=msgspec.structs.replace(made.header, expect={"warnings": expected}))
        report = reported(named, strict=True)
        assert report.strict is not None
        assert report.strict.failed is failed


def failing(*, met: bool) -> ReportModel:
    """A session that passes and that a warning fails; of a scenario that led where it should if ``met``."""
    report = examples.control()
    expectation = report.expectation if met else None
    return report.model_copy(update={"strict": WARNED, "expectation": expectation})


@pytest.mark.parametrize(("met", "label"), [(True, "drifted"), (False, "failed")])
def test_a_run_with_such_a_session_fails(met: bool, label: str) -> None:
    report = failing(met=met)
    assert status_label(report) == label
    run = build_run([report], duration_ms=1.0)
    assert (run.verdict, getattr(run.totals, label)) == ("fail", 1)


def test_every_output_says_by_which_warning(tmp_path: Path) -> None:
    report = failing(met=False)
    sentence = "fails by its warning error-told-as-reply (--strict)"
    assert sentence in summary(report)
    console = Console(file=io.StringIO(), width=200, record=True)
    print_report(report, console)
    assert f"It {sentence}." in console.export_text()
    assert f"It {sentence}." in write_html(report, tmp_path).read_text(encoding="utf-8")
    write_junit(report, tmp_path / "junit.xml")
    failure = ET.parse(tmp_path / "junit.xml").getroot().find(".//failure")  # noqa: S314 - our own file
    assert failure is not None
    assert failure.get("type") == "strict"
    assert sentence in str(failure.get("message"))
