"""What is found once something else replaces the chat is not the chat's."""

from __future__ import annotations

from dataclasses import replace

from chatkit_doctor.audits.audit import Evidence, Failure, Finding, Status
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.diagnosis.diagnosis import Diagnosis, LayerState
from chatkit_doctor.vocabulary import Verdict
from tests.diagnosis.test_diagnose import audit
from tests.recordings import Part, entry, good_turn, opened, recording, step

RELOADED_MS = 2_000.0
LOGIN = entry(2_500, "page", "page.obstacle", what="login", text="Sign in to Acme")


def found(name: str, t_ms: float) -> Finding:
    failure = Failure((Evidence(1, t_ms, "seen"),), t_ms=t_ms)
    return Finding(audit(name), Status.FAILED, (failure,))


def of(*findings: Finding, more: Part = LOGIN) -> Diagnosis:
    """The diagnosis of a good turn, and a reload that led to something else."""
    reload = step(RELOADED_MS, "reload", index=20, until=3_000, limit="ready")
    return diagnose(recording(opened(), good_turn(100, "Hello", "A good answer."), reload, more), findings)


def test_what_was_seen_from_that_load_on_is_left_out() -> None:
    diagnosis = of(found("history-lost", RELOADED_MS), found("script-not-loaded", 3_000.0))
    assert (diagnosis.verdict, diagnosis.symptoms, diagnosis.warnings) == (Verdict.INCONCLUSIVE, (), ())
    assert diagnosis.reason.startswith("a login page appears in place of the chat (“Sign in to Acme”): ")
    assert "--storage-state" in diagnosis.reason


def test_no_layer_is_broken_by_it() -> None:
    diagnosis = of(found("no-component", 3_000.0))
    assert LayerState.BROKEN not in diagnosis.layers.values()


def test_what_was_seen_before_stays() -> None:
    diagnosis = of(found("reply-missing", 900.0), found("history-lost", RELOADED_MS))
    assert diagnosis.verdict is Verdict.FAIL
    assert [symptom.id for symptom in diagnosis.symptoms] == ["reply-missing"]


def test_of_what_was_seen_twice_the_first_stays() -> None:
    twice = found("error-shown", 900.0)
    again = found("error-shown", 2_600.0)
    (finding,) = of(replace(twice, failures=(*twice.failures, *again.failures))).findings
    assert finding.failures == twice.failures


def test_what_passed_was_not_in_its_way() -> None:
    (finding,) = of(Finding(audit("stream-cut"), Status.PASSED)).findings
    assert (finding.status, finding.note) == (Status.PASSED, "")


def test_a_load_after_it_takes_nothing_back() -> None:
    later = step(4_000, "reload", index=21, until=5_000, limit="ready")
    diagnosis = of(found("history-lost", RELOADED_MS), more=[LOGIN, later])
    assert (diagnosis.verdict, diagnosis.symptoms) == (Verdict.INCONCLUSIVE, ())


def test_without_one_nothing_is_left_out() -> None:
    diagnosis = of(found("history-lost", RELOADED_MS), more=())
    assert [symptom.id for symptom in diagnosis.symptoms] == ["history-lost"]


def test_what_it_says_is_quoted_in_one_short_line() -> None:
    wordy = entry(2_500, "page", "page.obstacle", what="error-overlay", text="x\n" * 5_000)
    reason = of(more=wordy).reason
    assert "\n" not in reason
    assert len(reason) < 400
