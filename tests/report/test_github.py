"""What GitHub Actions makes of an answer."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

from chatkit_doctor.cli.harmless_lines import HarmlessLines
from chatkit_doctor.report.build import build_run
from chatkit_doctor.report.github import MOST, Annotations, JobSummary, annotation_lines
from chatkit_doctor.report.markdown import session_markdown
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.subscriber import RunReported
from tests.report import examples


def run(*reports: ReportModel, not_run: Sequence[str] = ()) -> RunModel:
    return build_run(reports, duration_ms=1.0, not_run=not_run)


def test_what_failed_is_an_error_with_its_fix() -> None:
    (line,) = annotation_lines(run(examples.checked()))
    assert line.startswith(
        "::error title=chatkit-doctor%3A fail%3A check::wrong-dialect (responses); blank-panel"
    )
    assert "%0AFIX: After thread.created send" in line


def test_what_drifted_says_how() -> None:
    (line,) = annotation_lines(run(examples.drifted()))
    assert line.startswith(
        "::error title=chatkit-doctor%3A drifted%3A transport/event-names::pass%0AThe verdict is"
    )


def test_what_is_inconclusive_or_was_not_run_is_not_green() -> None:
    lines = annotation_lines(run(examples.own("inconclusive"), not_run=["a", "b", "c"]))
    assert [line.split()[0] for line in lines] == ["::error", "::error"]
    assert "3 scenarios were not run" in lines[1]


def test_what_was_expected_is_no_news() -> None:
    assert annotation_lines(run(examples.attempt_3())) == []


def test_a_warning_of_what_passed_is_a_warning() -> None:
    report = examples.own("pass").model_copy(update={"warnings": examples.checked().warnings})
    (line,) = annotation_lines(run(report))
    assert line.startswith("::warning title=chatkit-doctor%3A threads-list-invalid%3A mine/pass::")


def test_there_are_no_more_than_github_takes() -> None:
    lines = annotation_lines(run(*[examples.checked()] * 30))
    assert len(lines) == MOST
    assert "and 21 more" in lines[-1]


def test_hostile_text_stays_within_its_annotation() -> None:
    lines = annotation_lines(run(examples.hostile()))
    assert len(lines) == 1
    assert re.fullmatch(r"::error title=[^\r\n:,]*::[^\r\n]*", lines[0])


def test_the_summary_is_added_to_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("# Before\n")
    report = examples.checked()
    JobSummary(file, io.StringIO()).on_event(RunReported(tmp_path, run(report), True, False))
    assert file.read_text() == f"# Before\n{session_markdown(report)}\n"


def test_a_summary_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    aside = io.StringIO()
    JobSummary(tmp_path / "no" / "where", aside).on_event(
        RunReported(tmp_path, run(examples.checked()), True, False)
    )
    assert aside.getvalue() == "cannot write the job summary: No such file or directory\n"


def test_annotations_are_written_once_the_answer_is_there(tmp_path: Path) -> None:
    stream = io.StringIO()
    Annotations(stream).on_event(RunReported(tmp_path, run(examples.checked()), True, False))
    assert stream.getvalue().startswith("::error ")
    assert stream.getvalue().endswith("\n")


def test_no_line_of_others_is_a_command() -> None:
    stream = io.StringIO()
    HarmlessLines(stream).write("::error::a\n \u3000::set-output name=b::c\nd ##[add-mask]e\nf::g\n")
    assert stream.getvalue() == ": :error::a\n \u3000: :set-output name=b::c\nd ## [add-mask]e\nf::g\n"
