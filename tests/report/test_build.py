"""The report object made from a recording and its diagnosis."""

from __future__ import annotations

import pytest

from chatkit_doctor.audits.registry import audits, examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.engine.remedies import remedies_of
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.report.build import build_report, build_run
from chatkit_doctor.report.model import ExpectationModel, ReportModel
from chatkit_doctor.report.wording import counts
from tests.recordings import Part, entry, opened, recording, reply, send, state, user
from tests.sessions import attempt, good_conversation


def report_of(made: Recording, expectation: ExpectationModel | None = None) -> ReportModel:
    """The report of a recording."""
    diagnosis = diagnose(made, examine(made))
    return build_report(
        made,
        diagnosis,
        artifacts={"html": "index.html"},
        expectation=expectation,
        remedies=remedies_of(made, diagnosis),
    )


ATTEMPT = report_of(attempt("responses"))
MET = ExpectationModel(met=True, drift=[])
DRIFTED = ExpectationModel(met=False, drift=["The verdict should be pass and is fail."])


def test_the_report_says_what_was_tested_and_with_what() -> None:
    assert (ATTEMPT.name, ATTEMPT.title, ATTEMPT.started_at) == (
        "seed/attempt",
        "An attempt",
        "2026-01-01T00:00:00+00:00",
    )
    assert (ATTEMPT.runtime["name"], ATTEMPT.browser["name"], ATTEMPT.target["kind"]) == (
        "snapshot",
        "chromium",
        "scenario",
    )
    assert ATTEMPT.artifacts == {"html": "index.html", "corrected": "corrected", "reproduce": "reproduce.sh"}


def test_the_report_gives_the_verdict_the_cause_and_the_symptoms() -> None:
    assert ATTEMPT.verdict == "fail"
    assert ATTEMPT.cause is not None
    assert (ATTEMPT.cause.id, ATTEMPT.cause.layer, ATTEMPT.cause.details["dialect"]) == (
        "wrong-dialect",
        "protocol",
        "responses",
    )
    assert [(s.id, s.turn, s.t_ms) for s in ATTEMPT.symptoms if s.id == "blank-panel"] == [
        ("blank-panel", 1, 350)
    ]


def test_the_report_says_how_long_each_message_was_visible() -> None:
    (message,) = ATTEMPT.messages
    assert (message.text, message.appeared_ms, message.vanished_ms, message.visible_ms) == (
        "What is open?",
        150,
        350,
        200,
    )


def test_a_reply_appears_with_its_first_word() -> None:
    messages = report_of(good_conversation()).messages
    assert [(m.role, m.appeared_ms, m.vanished_ms) for m in messages] == [
        ("user", 140, None),
        ("assistant", 220, None),
        ("user", 1540, None),
        ("assistant", 1620, None),
    ]


def test_every_layer_has_its_state() -> None:
    assert ATTEMPT.layers["protocol"] == "broken"
    assert len(ATTEMPT.layers) == 11


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("wrong-dialect", "root-cause"),
        ("blank-panel", "symptom"),
    ],
)
def test_every_finding_has_its_role(name: str, role: str) -> None:
    (finding,) = [finding for finding in ATTEMPT.findings if finding.id == name]
    assert finding.role == role


def test_what_was_found_stands_apart_from_the_audits_that_found_nothing() -> None:
    found = {finding.id for finding in ATTEMPT.findings}
    assert "reply-vanished" in ATTEMPT.passed
    assert not found & set(ATTEMPT.passed)
    assert not found & {each.id for each in ATTEMPT.unanswered}


def test_every_audit_is_told_of_once() -> None:
    told = [finding.id for finding in ATTEMPT.findings] + ATTEMPT.passed
    told += [each.id for each in ATTEMPT.unanswered]
    assert sorted(told) == sorted(audit.id for audit in audits())


def test_an_audit_without_an_answer_says_why() -> None:
    (audit,) = [each for each in ATTEMPT.unanswered if each.id == "history-lost"]
    assert (audit.status, audit.why) == (
        "not-applicable",
        "the page was not reloaded while it showed a conversation",
    )


def test_the_screenshots_are_listed() -> None:
    assert [(s.name, s.t_ms, s.file) for s in ATTEMPT.screenshots] == [("turn-1", 890, "screenshots/02.png")]


def test_the_report_lasts_as_long_as_the_recording_or_as_it_is_told() -> None:
    made = attempt("responses")
    diagnosis = diagnose(made, examine(made))
    assert ATTEMPT.duration_ms == 1290
    told = build_report(made, diagnosis, artifacts={}, expectation=None, duration_ms=77)
    assert told.duration_ms == 77


def test_an_inconclusive_report_gives_its_reason() -> None:
    broke_off = entry(60, "page", "session.broke-off", reason="the page crashed")
    report = report_of(recording(opened(), broke_off, finished=False))
    assert (report.verdict, report.reason) == ("inconclusive", "the page crashed")


def test_a_report_survives_its_own_json() -> None:
    assert ReportModel.model_validate_json(ATTEMPT.model_dump_json(by_alias=True)) == ATTEMPT


@pytest.mark.parametrize(
    ("expectations", "verdict"),
    [
        ([MET, MET], "pass"),
        ([MET, DRIFTED], "fail"),
        ([None], "fail"),
        ([], "inconclusive"),
    ],
    ids=["all met", "one drifted", "no expectation and a failure", "nothing was run"],
)
def test_a_run_passes_when_everything_led_where_it_should(
    expectations: list[ExpectationModel | None], verdict: str
) -> None:
    reports = [report_of(attempt("responses"), expectation) for expectation in expectations]
    assert build_run(reports, duration_ms=1.0).verdict == verdict


def test_a_run_is_as_bad_as_the_worst_of_what_expects_something_and_what_does_not() -> None:
    broken = report_of(recording(opened(), finished=False))
    passing = replace_verdict(ATTEMPT, "pass")
    met = report_of(attempt("responses"), MET)
    assert build_run([met, passing], duration_ms=1.0).verdict == "pass"
    assert build_run([met, passing, broken], duration_ms=1.0).verdict == "inconclusive"
    run = build_run([met, passing, broken, ATTEMPT], duration_ms=1.0)
    totals = run.totals
    assert (run.verdict, totals.as_expected, totals.passed, totals.failed, totals.inconclusive) == (
        "fail",
        1,
        1,
        1,
        1,
    )
    assert totals.drifted == 0


def replace_verdict(report: ReportModel, verdict: str) -> ReportModel:
    return report.model_copy(update={"verdict": verdict, "expectation": None})


def test_a_run_with_a_session_that_could_not_be_checked_is_not_green() -> None:
    broken = report_of(recording(opened(), finished=False))
    run = build_run([report_of(attempt("responses"), MET), broken], duration_ms=1.0)
    assert run.verdict == "inconclusive"
    assert (run.totals.scenarios, run.totals.as_expected, run.totals.inconclusive) == (2, 1, 1)


def test_a_run_that_left_scenarios_out_is_not_green_and_counts_them() -> None:
    run = build_run(
        [report_of(attempt("responses"), MET)], duration_ms=1.0, not_run=["seed/attempt-1", "seed/attempt-2"]
    )
    assert (run.verdict, run.totals.scenarios, run.totals.not_run) == ("inconclusive", 1, 2)
    assert run.not_run == ["seed/attempt-1", "seed/attempt-2"]
    assert counts(run.totals) == "1 as expected, 2 not run"


def test_a_run_began_with_its_first_session() -> None:
    run = build_run([ATTEMPT], duration_ms=1234.56)
    assert (run.started_at, run.totals.duration_ms, run.runtime) == (
        ATTEMPT.started_at,
        1234.6,
        {"name": "snapshot", "why": ""},
    )


def shots_of(*states: Part) -> list[str]:
    """The names of the pictures in the report on a turn with these states, and a picture after them."""
    picture = entry(
        800, "paint", "paint.screenshot", name="vanished-1", why="something is gone", file="screenshots/1.png"
    )
    made = recording(opened(), send(100, "Hi", until=900), *states, picture)
    return [shot.name for shot in report_of(made).screenshots]


def test_a_picture_of_what_vanished_is_shown_where_something_did() -> None:
    both = state(200, user(1, "Hi"), reply(2, "Good"))
    assert shots_of(both, state(500, user(1, "Hi"))) == ["vanished-1"]
    assert shots_of(both, state(500, view="start")) == ["vanished-1"]
    assert shots_of(both, state(500, user(1, "Hi"), reply(2, ""))) == ["vanished-1"]


def test_no_picture_of_what_vanished_is_shown_where_nothing_did() -> None:
    both = state(200, user(1, "Hi"), reply(2, "Good"))
    assert shots_of(both, state(500, user(1, "Hi")), state(540, user(1, "Hi"), reply(3, "Good"))) == []
