"""All evidence can be linked: what no row of the timeline tells of gets one."""

from __future__ import annotations

from chatkit_doctor.report.evidence_rows import with_evidence
from tests.report import examples


def test_an_entry_that_only_evidence_names_gets_a_row_in_its_place() -> None:
    report = examples.attempt_3()
    assert report.cause is not None
    named = report.cause.evidence[0].model_copy(update={"n": 32, "t_ms": 420.0, "text": "event 3"})
    cause = report.cause.model_copy(update={"evidence": [named]})
    rows = with_evidence(report.model_copy(update={"cause": cause}))
    (row,) = [each for each in rows if each.n == 32]
    assert (row.layer, row.text) == ("protocol", "event 3")
    assert [each.t_ms for each in rows] == sorted(each.t_ms for each in rows)


def test_an_entry_that_has_a_row_gets_no_second_one() -> None:
    report = examples.attempt_3()
    (n,) = {each.n for each in report.timeline if each.n == 31}
    assert len([each for each in with_evidence(report) if each.n == n]) == 1


def test_what_never_came_has_no_row() -> None:
    assert 0 not in {each.n for each in with_evidence(examples.attempt_3())}


def test_what_a_person_saw_is_told_of_the_layer_whose_audit_saw_it() -> None:
    report = examples.attempt_3()
    named = report.symptoms[0].evidence[0].model_copy(update={"n": 330, "t_ms": 430.0})
    symptom = report.symptoms[0].model_copy(update={"evidence": [named]})
    finding = report.findings[0].model_copy(update={"layer": "paint", "evidence": [named]})
    seen = report.model_copy(update={"symptoms": [symptom], "findings": [finding]})
    (row,) = [each for each in with_evidence(seen) if each.n == 330]
    assert row.layer == "paint"
