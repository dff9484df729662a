"""JUnit XML: what a CI server makes green, red, or neither."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from chatkit_doctor.report.build import build_run
from chatkit_doctor.report.junit import write_junit
from chatkit_doctor.report.model import ReportModel, RunModel
from chatkit_doctor.report.wording import REFERENCE_NOTICE
from chatkit_doctor.safe_text import printable
from tests.report import examples


def written(result: RunModel | ReportModel, folder: Path) -> ET.Element:
    path = folder / "junit.xml"
    write_junit(result, path)
    return ET.parse(path).getroot()  # noqa: S314 - written by this test


def the(parent: ET.Element, path: str) -> ET.Element:
    (found,) = parent.findall(path)
    return found


def properties(parent: ET.Element) -> dict[str, str]:
    return {item.attrib["name"]: item.attrib["value"] for item in parent.findall("properties/property")}


def test_a_run_is_one_suite_with_a_case_for_each_scenario(tmp_path: Path) -> None:
    root = written(examples.run(), tmp_path)
    assert root.tag == "testsuites"
    assert [case.attrib["name"] for case in the(root, "testsuite").findall("testcase")] == [
        "control/first-turn",
        "seed/attempt-3",
        "transport/event-names",
        "control/reload",
    ]


@pytest.mark.parametrize("path", [".", "testsuite"])
def test_counts_and_time_stand_on_the_suite_and_above_it(tmp_path: Path, path: str) -> None:
    attributes = the(written(examples.run(), tmp_path), path).attrib
    counted = {name: attributes[name] for name in ("tests", "failures", "errors", "skipped", "time")}
    assert counted == {"tests": "4", "failures": "1", "errors": "1", "skipped": "0", "time": "3.904"}


def test_what_expects_nothing_is_judged_by_its_verdict(tmp_path: Path) -> None:
    run = examples.run(*(examples.own(verdict) for verdict in ("pass", "fail", "inconclusive")))
    suite = the(written(run, tmp_path), "testsuite")
    assert (suite.get("failures"), suite.get("errors")) == ("1", "1")
    assert the(suite, "testcase[@name='mine/pass']").find("failure") is None
    assert the(suite, "testcase[@name='mine/fail']/failure").get("type") == "wrong-dialect"
    assert the(suite, "testcase[@name='mine/inconclusive']/error").get("type") == "inconclusive"


def test_a_break_that_was_expected_passes(tmp_path: Path) -> None:
    case = the(written(examples.run(examples.attempt_3()), tmp_path), "testsuite/testcase")
    assert {child.tag for child in case} == {"properties", "system-out"}


def test_drift_is_a_failure_that_says_how(tmp_path: Path) -> None:
    failure = the(written(examples.run(examples.drifted()), tmp_path), "testsuite/testcase/failure")
    assert failure.attrib["type"] == "drift"
    assert failure.attrib["message"].startswith("The verdict is pass, expected was fail. The symptom")


def test_drift_with_a_cause_is_of_the_causes_type(tmp_path: Path) -> None:
    report = examples.attempt_3().model_copy(update={"expectation": examples.drifted().expectation})
    failure = the(written(examples.run(report), tmp_path), "testsuite/testcase/failure")
    assert failure.attrib["type"] == "wrong-dialect"


def test_an_inconclusive_scenario_is_an_error_with_its_reason(tmp_path: Path) -> None:
    case = the(written(examples.run(examples.broken_off()), tmp_path), "testsuite/testcase")
    error = the(case, "error")
    assert error.attrib["type"] == "inconclusive"
    assert "the run broke off" in error.attrib["message"]
    assert case.find("failure") is None


def test_a_failed_check_is_a_failure_of_the_causes_type(tmp_path: Path) -> None:
    failure = the(written(examples.checked(), tmp_path), "testsuite/testcase/failure")
    assert failure.attrib == {
        "type": "wrong-dialect",
        "message": "The backend speaks the Responses API, not ChatKit",
    }


def test_a_failure_tells_cause_fix_evidence_and_symptoms(tmp_path: Path) -> None:
    text = the(written(examples.checked(), tmp_path), "testsuite/testcase/failure").text or ""
    assert "Fix: After thread.created send thread.item.done" in text
    assert "- 412 ms, entry 31: conversation.item.created belongs to the Responses API" in text
    assert "Symptom: The sent message was shown and then removed. (user-message-vanished)" in text


def test_a_good_check_passes(tmp_path: Path) -> None:
    report = examples.control().model_copy(update={"expectation": None})
    root = written(report, tmp_path)
    assert (root.attrib["tests"], root.attrib["failures"], root.attrib["errors"]) == ("1", "0", "0")


def test_an_inconclusive_check_is_an_error(tmp_path: Path) -> None:
    report = examples.broken_off().model_copy(update={"expectation": None})
    assert written(report, tmp_path).attrib["errors"] == "1"


def test_the_suite_names_runtime_browser_and_verdict(tmp_path: Path) -> None:
    facts = properties(the(written(examples.run(), tmp_path), "testsuite"))
    assert facts["verdict"] == "fail"
    assert facts["runtime.frame_build"] == "AbCdEf1234"
    assert facts["browser.headless"] == "true"


def test_the_suite_says_that_the_reference_was_used(tmp_path: Path) -> None:
    run = examples.run().model_copy(update={"runtime": examples.REFERENCE})
    assert properties(the(written(run, tmp_path), "testsuite"))["notice"] == REFERENCE_NOTICE


def test_a_case_carries_its_verdict_cause_and_symptoms(tmp_path: Path) -> None:
    facts = properties(the(written(examples.run(examples.attempt_3()), tmp_path), "testsuite/testcase"))
    assert (facts["verdict"], facts["cause"], facts["layer"]) == ("fail", "wrong-dialect", "protocol")
    assert facts["symptoms"] == "blank-panel user-message-vanished"


def test_a_case_is_filed_under_its_scenarios_folder_with_its_time(tmp_path: Path) -> None:
    case = the(written(examples.run(examples.attempt_3()), tmp_path), "testsuite/testcase")
    assert (case.attrib["classname"], case.attrib["time"]) == ("chatkit-doctor.seed", "1.193")


def test_a_case_names_its_artifacts_relative_to_the_file(tmp_path: Path) -> None:
    out = (
        the(written(examples.run(examples.attempt_3()), tmp_path), "testsuite/testcase/system-out").text or ""
    )
    assert "trace: seed-attempt-3/trace.zip" in out.splitlines()
    assert "screenshot vanished: seed-attempt-3/screenshots/vanished.png" in out.splitlines()


def test_the_start_is_given_where_it_is_known(tmp_path: Path) -> None:
    suite = the(written(examples.run(), tmp_path), "testsuite")
    assert suite.attrib["timestamp"] == "2026-03-02T09:30:00+00:00"


def test_a_start_that_is_no_time_is_left_out(tmp_path: Path) -> None:
    assert "timestamp" not in the(written(examples.hostile(), tmp_path), "testsuite").attrib


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    case = the(written(examples.hostile(), tmp_path), "testsuite/testcase")
    assert [child.tag for child in case] == ["properties", "failure", "system-out"]
    assert printable(examples.HOSTILE) in (the(case, "failure").text or "")


def test_no_character_that_xml_forbids_is_written(tmp_path: Path) -> None:
    written(examples.hostile(), tmp_path)
    text = (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert not re.search("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)


def test_very_long_text_is_cut_and_the_cut_is_told(tmp_path: Path) -> None:
    failure = the(written(examples.hostile(), tmp_path), "testsuite/testcase/failure")
    assert len(failure.text or "") < 21_000
    assert "characters more]" in (failure.text or "")


def test_what_the_page_is_made_with_is_among_the_properties(tmp_path: Path) -> None:
    report = examples.control().model_copy(update={"versions": {"next": "15.2.4"}})
    assert properties(the(written(report, tmp_path), "testsuite/testcase"))["page.next"] == "15.2.4"


def test_what_was_not_run_is_skipped_and_counted(tmp_path: Path) -> None:
    run = build_run([examples.control()], duration_ms=1.0, not_run=["seed/attempt-1", "own"])
    suite = the(written(run, tmp_path), "testsuite")
    assert (suite.get("tests"), suite.get("skipped")) == ("3", "2")
    skipped = [case for case in suite.findall("testcase") if case.find("skipped") is not None]
    assert [(case.get("classname"), case.get("name")) for case in skipped] == [
        ("chatkit-doctor.seed", "seed/attempt-1"),
        ("chatkit-doctor", "own"),
    ]


STRUCTURE: Final[dict[str, tuple[set[str], set[str], list[str]]]] = {
    "testsuites": ({"tests", "failures", "errors", "time"}, {"name", "skipped"}, ["testsuite"]),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time"},
        {"skipped", "timestamp"},
        ["properties", "testcase"],
    ),
    "properties": (set(), set(), ["property"]),
    "property": ({"name", "value"}, set(), []),
    "testcase": (
        {"name", "classname", "time"},
        set(),
        ["properties", "skipped", "error", "failure", "system-out"],
    ),
    "skipped": (set(), {"message"}, []),
    "error": (set(), {"type", "message"}, []),
    "failure": (set(), {"type", "message"}, []),
    "system-out": (set(), set(), []),
}
"""Elements by their name: the attributes that must be there, those that may be, and what is in it, in
this order. So Jenkins' ``junit-10.xsd`` has it, and what GitLab and GitHub read is a part of that."""


@pytest.mark.parametrize(
    "result",
    [
        build_run(
            [*examples.run().scenarios, examples.hostile()], duration_ms=1.0, not_run=[examples.HOSTILE]
        ),
        examples.checked(),
    ],
    ids=["run", "session"],
)
def test_it_has_the_structure_that_ci_servers_know(result: RunModel | ReportModel, tmp_path: Path) -> None:
    for element in written(result, tmp_path).iter():
        needed, allowed, inside = STRUCTURE[element.tag]
        assert needed <= set(element.keys()) <= needed | allowed, element.tag
        children = [child.tag for child in element]
        assert children == sorted(children, key=inside.index), element.tag


def test_a_case_has_one_outcome_and_the_suite_counts_them(tmp_path: Path) -> None:
    run = build_run([*examples.run().scenarios, examples.hostile()], duration_ms=1.0, not_run=["own"])
    suite = the(written(run, tmp_path), "testsuite")
    cases = suite.findall("testcase")
    for tag, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert suite.get(name) == str(sum(len(case.findall(tag)) for case in cases))
    assert all(sum(len(case.findall(tag)) for tag in ("failure", "error", "skipped")) <= 1 for case in cases)
