"""What the names in a report mean stands in the report itself: it may be all that someone was sent."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.report.about import about
from chatkit_doctor.report.html import write_html
from tests.report import examples
from tests.report.documents import Document


def test_the_root_cause_comes_first_then_each_symptom_once_then_the_warnings() -> None:
    report = examples.attempt_3()
    symptoms = list(dict.fromkeys(symptom.id for symptom in report.symptoms))
    others = [cause.id for cause in report.contributing], [cause.id for cause in report.warnings]
    assert [each.id for each in about(report)] == ["wrong-dialect", *others[0], *symptoms, *others[1]]
    assert len(symptoms) > 1


def test_an_id_of_another_version_is_left_out() -> None:
    report = examples.attempt_3()
    assert report.cause is not None
    later = report.model_copy(update={"cause": report.cause.model_copy(update={"id": "not-yet-known"})})
    assert [each.id for each in about(later)] == [each.id for each in about(report)][1:]


def test_it_stands_in_the_document_with_examples(tmp_path: Path) -> None:
    document = Document.read(write_html(examples.attempt_3(), tmp_path))
    told = document.sections["What the names mean"].text
    for part in (
        "200, text/event-stream, every event arrives",
        "at least 5 public places",
        '"type": "response.output_text.delta"',
        "yield event",
        "chatkit-doctor run seed/attempt-1",
    ):
        assert part in told


def test_where_nothing_went_wrong_there_is_nothing_to_explain(tmp_path: Path) -> None:
    document = Document.read(write_html(examples.control(), tmp_path))
    assert "What the names mean" not in document.sections
