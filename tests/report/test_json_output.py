"""The report as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from chatkit_doctor.report.json_output import as_json, placed, report_json, run_json
from chatkit_doctor.report.model import ReportModel, RunModel
from tests.report import examples


def test_a_report_reads_back_as_the_same_report() -> None:
    report = examples.attempt_3()
    assert ReportModel.model_validate_json(report_json(report)) == report


def test_a_run_reads_back_as_the_same_run() -> None:
    run = examples.run()
    assert RunModel.model_validate_json(run_json(run)) == run


def test_keys_come_in_the_order_of_the_model_and_schema_comes_first() -> None:
    keys = list(json.loads(report_json(examples.attempt_3())))
    assert keys == ["schema", *list(ReportModel.model_fields)[1:]]


def test_the_schema_is_named_so_that_a_reader_can_refuse_another() -> None:
    assert json.loads(report_json(examples.control()))["schema"] == "chatkit-doctor/report/2"
    assert json.loads(run_json(examples.run()))["schema"] == "chatkit-doctor/run/2"


def test_the_text_is_indented_and_ends_with_one_newline() -> None:
    text = report_json(examples.control())
    assert text.startswith('{\n  "schema"')
    assert text.endswith("}\n")


def test_text_of_any_language_stays_readable() -> None:
    report = examples.control().model_copy(update={"title": "Grüße, 你好"})
    assert "Grüße, 你好" in report_json(report)


def test_hostile_text_survives_unchanged_in_utf_8() -> None:
    text = report_json(examples.hostile()).encode("utf-8").decode("utf-8")
    assert json.loads(text)["title"] == examples.HOSTILE


def test_what_json_has_no_word_for_costs_no_report() -> None:
    report = examples.hostile()

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    details = json.loads(report_json(report), parse_constant=refuse)["cause"]["details"]
    assert details["nested"]["list"] == [examples.HOSTILE, None, None]


def test_what_is_printed_says_where_its_paths_lead_and_a_file_names_no_place(tmp_path: Path) -> None:
    report = examples.attempt_3()
    assert json.loads(as_json(placed(report, tmp_path)))["folder"] == str(tmp_path)
    assert json.loads(report_json(report))["folder"] == ""
