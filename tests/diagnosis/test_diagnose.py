"""The verdict, the root cause, and what becomes of the other causes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from chatkit_doctor.audits.audit import Audit, Evidence, Failure, Finding, Status
from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.diagnosis.diagnosis import Diagnosis
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.vocabulary import CAUSES, SYMPTOMS
from tests.recordings import asked, entry, good_turn, opened, recording, reply, send, state, step, user
from tests.sessions import ATTEMPTS, attempt, good_conversation

GOOD = good_conversation()


def _nothing(_: Recording) -> Iterable[Failure]:
    return ()


def audit(name: str, *explains: str) -> Audit:
    """An audit of the vocabulary, whose answer a test gives itself."""
    return Audit(name, "passes", "why", "fix", _nothing, explains=frozenset(explains))


def failed(name: str, *explains: str, turn: int | None = 1, in_turn: int | None = None) -> Finding:
    """A failed audit."""
    details: dict[str, object] = {} if in_turn is None else {"in_turn": in_turn}
    failure = Failure((Evidence(1, 10.0, "seen"),), turn=turn, t_ms=10.0, details=details)
    return Finding(audit(name, *explains), Status.FAILED, (failure,))


def answered(name: str, status: Status, note: str = "") -> Finding:
    """An audit that did not fail."""
    return Finding(audit(name), status, note=note)


def of(*findings: Finding, made: Recording = GOOD) -> Diagnosis:
    """The diagnosis of a good recording with these findings."""
    return diagnose(made, findings)


MISSING = failed("reply-missing")


def test_a_good_conversation_of_two_turns_and_two_reloads_has_no_symptom() -> None:
    diagnosis = diagnose(GOOD, examine(GOOD))
    assert [symptom.id for symptom in diagnosis.symptoms] == []
    assert (diagnosis.verdict, diagnosis.reason, diagnosis.cause) == ("pass", "", None)


@pytest.mark.parametrize("dialect", ATTEMPTS)
def test_the_three_attempts_fail_because_of_their_dialect(dialect: str) -> None:
    made = attempt(dialect)
    diagnosis = diagnose(made, examine(made))
    left = "blank-panel" if dialect == "responses" else "start-screen-returned"
    assert {s.id for s in diagnosis.symptoms} == {left, "user-message-vanished", "reply-missing"}
    assert diagnosis.verdict == "fail"
    assert diagnosis.cause is not None
    assert (diagnosis.cause.id, diagnosis.cause.details["dialect"]) == ("wrong-dialect", dialect)


def test_the_root_cause_is_of_the_earliest_layer() -> None:
    late, early = failed("reply-item-missing", "reply-missing"), failed("auth-rejected", "reply-missing")
    diagnosis = of(MISSING, late, early)
    assert diagnosis.cause is not None
    assert diagnosis.cause.id == "auth-rejected"
    assert [cause.id for cause in diagnosis.contributing] == ["reply-item-missing"]


def test_within_a_layer_the_cause_of_more_symptoms_comes_first() -> None:
    one = failed("empty-reply", "reply-missing")
    both = failed("item-removed", "reply-missing", "user-message-missing")
    diagnosis = of(MISSING, failed("user-message-missing"), one, both)
    assert diagnosis.cause is not None
    assert diagnosis.cause.id == "item-removed"


def test_within_a_layer_equals_keep_the_order_of_the_audits() -> None:
    diagnosis = of(MISSING, failed("item-removed", "reply-missing"), failed("empty-reply", "reply-missing"))
    assert diagnosis.cause is not None
    assert diagnosis.cause.id == "item-removed"


def test_a_cause_of_other_symptoms_is_a_warning() -> None:
    diagnosis = of(MISSING, failed("threads-list-invalid", "history-lost"))
    assert [cause.id for cause in diagnosis.warnings] == ["threads-list-invalid"]
    assert diagnosis.cause is not None
    assert diagnosis.cause.id == "unexplained"


def test_a_cause_without_any_symptom_is_a_warning_and_no_failure() -> None:
    diagnosis = of(answered("reply-missing", Status.PASSED), failed("sse-done-marker", "error-shown"))
    assert (diagnosis.verdict, diagnosis.cause) == ("pass", None)
    assert [cause.id for cause in diagnosis.warnings] == ["sse-done-marker"]


def test_a_failure_brings_about_no_more_than_it_says() -> None:
    every = failed("wrong-url", "reply-missing")
    one = replace(every, failures=(replace(every.failures[0], explains=frozenset({"history-lost"})),))
    found = of(MISSING, one)
    assert found.cause is not None
    assert (found.cause.id, [w.id for w in found.warnings]) == ("unexplained", ["wrong-url"])


def test_what_the_component_does_with_a_thread_comes_after_the_thread() -> None:
    read = failed("thread-read-failed", "reply-missing", turn=None)
    found = of(MISSING, failed("render-error", "reply-missing", turn=None), read)
    assert found.cause is not None
    assert found.cause.id == "thread-read-failed"


def test_what_the_component_does_in_a_turn_comes_before_what_is_stored_of_it() -> None:
    read = failed("thread-read-failed", "reply-missing", turn=None)
    found = of(MISSING, failed("render-error", "reply-missing"), read)
    assert found.cause is not None
    assert found.cause.id == "render-error"


def test_a_later_turn_cannot_have_caused_what_was_seen_before() -> None:
    diagnosis = of(failed("reply-missing", turn=1), failed("empty-reply", "reply-missing", turn=2))
    assert diagnosis.cause is not None
    assert diagnosis.cause.id == "unexplained"


def test_a_later_turn_can_have_caused_what_it_did_to_an_earlier_one() -> None:
    lost = failed("reply-overwritten", turn=1, in_turn=2)
    diagnosis = of(lost, failed("item-id-collision", "reply-overwritten", turn=2))
    assert diagnosis.cause is not None
    assert diagnosis.cause.id == "item-id-collision"


def test_the_cause_speaks_of_the_failure_that_accounts_for_the_symptom() -> None:
    first, second = failed("empty-reply", turn=1).failures[0], failed("empty-reply", turn=2).failures[0]
    both = Finding(audit("empty-reply", "reply-missing"), Status.FAILED, (second, first))
    diagnosis = of(failed("reply-missing", turn=1), both)
    assert diagnosis.cause is not None
    assert diagnosis.cause.evidence is first.evidence


def test_symptoms_without_a_cause_say_what_was_checked_and_where_the_reply_was_last_seen() -> None:
    made = recording(opened(), good_turn(100, "Hi", "Good day to you"))
    diagnosis = of(MISSING, answered("wrong-url", Status.PASSED), made=made)
    assert diagnosis.cause is not None
    assert (diagnosis.cause.id, diagnosis.cause.layer) == ("unexplained", None)
    assert diagnosis.cause.confidence == "likely"
    assert "1 possible cause was checked" in diagnosis.cause.why
    assert "assistant-message in the transcript" in diagnosis.cause.why


def test_symptoms_are_in_order_of_time() -> None:
    def at(name: str, t_ms: float) -> Finding:
        failure = Failure((Evidence(1, t_ms, "seen"),), t_ms=t_ms)
        return Finding(audit(name), Status.FAILED, (failure,))

    diagnosis = of(at("reply-missing", 20.0), at("user-message-vanished", 10.0))
    assert [symptom.id for symptom in diagnosis.symptoms] == ["user-message-vanished", "reply-missing"]


# What cannot be answered


def test_a_recording_without_a_footer_is_inconclusive_whatever_it_shows() -> None:
    made = recording(opened(), send(100, "Hi"), finished=False)
    diagnosis = of(MISSING, made=made)
    assert diagnosis.verdict == "inconclusive"
    assert diagnosis.reason == "the recording has no footer: the run broke off"


def test_a_run_that_broke_off_says_why() -> None:
    broke_off = entry(300, "page", "session.broke-off", reason="the browser was closed or killed")
    made = recording(opened(), send(100, "Hi"), broke_off, finished=False)
    diagnosis = diagnose(made, examine(made))
    assert (diagnosis.verdict, diagnosis.reason) == ("inconclusive", "the browser was closed or killed")
    assert diagnosis.symptoms == ()


def test_a_run_without_a_message_proves_nothing() -> None:
    made = recording(opened())
    diagnosis = diagnose(made, examine(made))
    assert (diagnosis.verdict, diagnosis.reason) == ("inconclusive", "no message was sent")


def test_a_page_without_a_chat_fails_although_no_message_was_sent() -> None:
    document = entry(10, "page", "page.document", url="http://localhost:1/", status=200)
    made = recording(step(0, "open", index=0, until=2_500, limit="ready"), document)
    diagnosis = diagnose(made, examine(made))
    assert diagnosis.verdict == "fail"
    assert [symptom.id for symptom in diagnosis.symptoms] == ["no-component"]


def test_a_page_that_was_not_loaded_is_inconclusive() -> None:
    made = recording(step(0, "open", index=0, until=90, limit="navigation"))
    diagnosis = diagnose(made, examine(made))
    assert (diagnosis.verdict, diagnosis.reason) == ("inconclusive", "the page was not loaded")


def test_a_step_at_its_limit_without_a_symptom_is_inconclusive() -> None:
    made = recording(opened(), send(100, "Hi", until=900, limit="composer"))
    diagnosis = of(answered("reply-missing", Status.PASSED), made=made)
    assert diagnosis.verdict == "inconclusive"
    assert diagnosis.reason == "turn 1 did not end: the time limit “composer” was reached"


def test_a_transcript_that_keeps_moving_is_not_judged() -> None:
    typed = [state(150 + 10 * n, user(1, "Hi"), reply(2, "A long answer"[:n])) for n in range(1, 6)]
    made = recording(opened(), send(100, "Hi", until=900, limit="settle"), *typed)
    diagnosis = diagnose(made, examine(made))
    assert (diagnosis.verdict, diagnosis.symptoms) == ("inconclusive", ())
    assert diagnosis.reason == "turn 1 did not end: the time limit “settle” was reached"


@pytest.mark.parametrize("name", sorted(SYMPTOMS.keys() - {"reply-not-live"}))
def test_a_symptom_that_could_not_be_looked_for_is_never_green(name: str) -> None:
    diagnosis = of(answered(name, Status.NOT_TESTABLE, "nothing was recorded of dom.state"))
    assert diagnosis.verdict == "inconclusive"
    assert diagnosis.reason == f"{name} could not be checked: nothing was recorded of dom.state"


def test_nobody_needs_to_know_when_the_text_came_to_see_that_it_is_there() -> None:
    passed = answered("reply-missing", Status.PASSED)
    assert of(passed, answered("reply-not-live", Status.NOT_TESTABLE)).verdict == "pass"


def test_an_audit_that_failed_itself_is_never_green() -> None:
    assert of(answered("reply-missing", Status.ERROR, "KeyError: 'x'")).verdict == "inconclusive"


def test_a_cause_that_could_not_be_looked_for_does_not_spoil_a_pass() -> None:
    passed = answered("reply-missing", Status.PASSED)
    assert of(passed, answered("wrong-url", Status.NOT_TESTABLE)).verdict == "pass"


def test_findings_without_any_symptom_audit_are_never_green() -> None:
    assert of(answered("wrong-url", Status.PASSED)).verdict == "inconclusive"


def test_a_recording_in_which_states_were_dropped_is_never_green() -> None:
    made = recording(
        opened(), good_turn(100, "Hi", "Good day"), entry(950, "page", "session.capped", of="dom.state")
    )
    diagnosis = diagnose(made, examine(made))
    assert diagnosis.verdict == "inconclusive"
    assert "recording limit" in diagnosis.reason


def test_a_frame_that_could_not_be_observed_is_never_green() -> None:
    made = recording(
        step(0, "open", index=0, until=90),
        entry(5, "page", "page.document", url="http://localhost:1/", status=200),
        entry(20, "frame", "frame.document", url="https://cdn.test/index.html", status=200, error=""),
        send(100, "Hi", until=900),
        asked(150, "threads.create", nonce="n1"),
    )
    diagnosis = diagnose(made, examine(made))
    assert diagnosis.verdict == "inconclusive"


def test_every_audit_has_a_place_in_the_vocabulary() -> None:
    names = [finding.audit.id for finding in examine(recording(opened(), state(60, user(1, "Hi"))))]
    assert set(names) & SYMPTOMS.keys() == SYMPTOMS.keys()
    assert not set(names) - SYMPTOMS.keys() - CAUSES.keys()


def test_all_places_of_the_fault_are_told_and_none_twice() -> None:
    places = ("items are missing", "a list is null", "items are missing", "a type is wrong")
    found = tuple(Failure((), turn=1, title=place, fix="Mend it. At length.") for place in places)
    shapes = Finding(audit("invalid-event", "reply-missing"), Status.FAILED, found)
    cause = of(MISSING, shapes).cause
    assert cause is not None
    assert cause.title == "items are missing"
    assert cause.also == ("a list is null. Mend it.", "a type is wrong. Mend it.")


def test_what_is_known_to_be_harmless_accounts_for_nothing() -> None:
    stray = Finding(
        audit("unknown-event", "reply-missing"), Status.FAILED, (Failure((), turn=1, warns_only=True),)
    )
    diagnosis = of(MISSING, stray)
    assert diagnosis.cause is not None
    assert diagnosis.cause.id == "unexplained"
    assert [each.id for each in diagnosis.warnings] == ["unknown-event"]
