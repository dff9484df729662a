"""What is said to have been seen: of every id, of none that is not, and as the catalogue has it."""

from __future__ import annotations

from chatkit_doctor.explain.explain import explanations
from chatkit_doctor.explain.model import Kind
from chatkit_doctor.explain.often import how_often, most_reported, ranking
from chatkit_doctor.explain.reports import field_reports, reported, thread_url
from chatkit_doctor.explain.scenario_index import catalogue_of
from chatkit_doctor.explain.shown import catalogue
from chatkit_doctor.explain.signs import signs
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS
from tests.shipped import shipped


def test_every_symptom_and_every_cause_has_its_signs() -> None:
    assert list(signs()) == [*SYMPTOMS, *CAUSES]


def test_of_a_cause_it_is_said_what_the_console_and_the_network_show() -> None:
    silent = {cause for cause in CAUSES if not signs()[cause].console}
    assert silent == {"frame-load-failed"}
    assert [cause for cause in CAUSES if not signs()[cause].network] == ["insecure-context"]


def test_what_shows_nothing_is_left_out() -> None:
    assert list(signs()["blank-panel"].places()) == ["On the screen"]


def test_what_the_catalogue_shows_is_up_to_date() -> None:
    assert catalogue() == catalogue_of(shipped()), "run `make docs`"


def test_a_scenario_that_shows_one_fault_alone_comes_before_those_of_several() -> None:
    shown = catalogue().ids["user-item-missing"]
    assert shown.scenarios[0] == "behaviour/order/no-user-item"
    folders = [name.split("/")[0] == "compound" for name in shown.scenarios]
    assert folders == sorted(folders)


def test_a_cause_and_a_symptom_are_counted_together_from_both_sides() -> None:
    ids = catalogue().ids
    assert ids["blank-panel"].beside["invalid-options"] == ids["invalid-options"].beside["blank-panel"] > 1


def test_reports_name_causes_that_there_are() -> None:
    assert [cause for report in field_reports() for cause in report.causes if cause not in CAUSES] == []


def test_the_most_frequent_report_of_a_cause_comes_first() -> None:
    assert [report.places for report in reported("domain-not-verified")] == [12, 1]
    assert reported("unexplained") == []


def test_a_thread_that_tells_of_two_faults_of_a_cause_is_counted_once() -> None:
    reports = reported("frame-load-failed")
    assert sum("openai/chatkit-js#84" in report.threads for report in reports) == 2
    assert ranking(["frame-load-failed"]) == [("frame-load-failed", sum(r.places for r in reports) - 1)]


def test_what_reports_do_not_tell_apart_is_said() -> None:
    told = how_often("script-not-loaded")
    assert "at least 7 public places, which do not tell it apart from options-never-set" in told


def test_a_cause_that_nobody_reported_says_so() -> None:
    assert how_often("sse-double-encoded") == "No public report that was read names it as the reason."
    assert most_reported(["sse-double-encoded"]) == ""


def test_of_a_symptom_those_causes_are_named_that_bring_it_about_in_a_scenario() -> None:
    often = explanations()["reply-overwritten"].often
    assert often.endswith(": item-id-collision (11).")


def test_a_thread_is_linked_where_it_is() -> None:
    assert thread_url("openai/chatkit-js#62") == "https://github.com/openai/chatkit-js/issues/62"


def test_events_have_no_signs_of_their_own() -> None:
    events = [each for each in explanations().values() if each.kind in {Kind.EVENT, Kind.UPDATE}]
    assert events
    assert [each.id for each in events if each.signs or each.scenarios] == []
