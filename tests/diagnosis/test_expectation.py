"""Where a scenario should lead, and where it led."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chatkit_doctor.audits.registry import examine
from chatkit_doctor.diagnosis.diagnose import diagnose
from chatkit_doctor.diagnosis.expectation import drift, visible_lines
from chatkit_doctor.recording.entries import Entry
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.scenario.expect import Expect
from tests.recordings import entry, item, opened, recording, state, user
from tests.sessions import attempt, good_conversation

GOOD = good_conversation()
ATTEMPT = attempt("responses")
INSECURE = entry(80, "page", "page.inventory", secure_context=False)
WARNED = replace(GOOD, entries=(*GOOD.entries, Entry(n=999, t=INSECURE.t, data=INSECURE.data)))
"""The good conversation on a page that is no secure context."""
MET: dict[str, Any] = {
    "verdict": "fail",
    "symptoms": ["blank-panel", "user-message-vanished", "reply-missing"],
    "cause": "wrong-dialect",
    "causes": ["wrong-dialect"],
    "layer": "protocol",
    "details": {"dialect": "responses"},
    "transcript": [],
}
LINES = [
    {"user": "What is open?"},
    {"assistant": "You have three open tasks."},
    {"user": "And done?"},
    {"assistant": "None is done."},
]


def sentences(made: Recording, **expected: Any) -> list[str]:
    """How a recording drifts from an expectation."""
    return list(drift(made, diagnose(made, examine(made)), Expect.model_validate(expected)))


def test_an_expected_failure_is_met() -> None:
    assert sentences(ATTEMPT, **MET) == []


def test_an_expected_pass_is_met_with_its_transcript() -> None:
    assert sentences(GOOD, verdict="pass", transcript=LINES) == []


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"verdict": "pass"}, "The verdict should be pass but is fail."),
        ({"symptoms": MET["symptoms"][:2]}, "The symptom reply-missing is unexpected."),
        (
            {"symptoms": [*MET["symptoms"], "error-shown"]},
            "The symptom error-shown is expected but missing.",
        ),
        ({"cause": "cors-blocked"}, "The cause should be cors-blocked but is wrong-dialect."),
        (
            {"causes": ["wrong-dialect", "cors-blocked"]},
            "The causes should be “wrong-dialect”, “cors-blocked” but are “wrong-dialect”.",
        ),
        ({"layer": "sse"}, "The layer of the cause should be sse but is protocol."),
        (
            {"details": {"dialect": "assistants"}},
            "The cause should say that dialect is assistants, and says responses.",
        ),
        ({"details": {"status": "404"}}, "The cause should say that status is 404, and says nothing of it."),
        (
            {"transcript": [{"user": "What is open?"}]},
            "Message 1 on screen should be user: “What is open?” but is missing.",
        ),
    ],
    ids=[
        "verdict",
        "symptom too many",
        "symptom too few",
        "cause",
        "causes",
        "layer",
        "details",
        "no detail",
        "transcript",
    ],
)
def test_each_difference_is_one_sentence(other: dict[str, Any], sentence: str) -> None:
    assert sentences(ATTEMPT, **{**MET, **other}) == [sentence]


def test_a_symptom_that_may_come_is_no_difference_either_way() -> None:
    may = {"symptoms": MET["symptoms"][:2], "symptoms_may": ["reply-missing", "error-shown"]}
    assert sentences(ATTEMPT, **{**MET, **may}) == []


def test_what_is_not_said_is_not_compared() -> None:
    assert sentences(ATTEMPT, verdict="fail", symptoms=MET["symptoms"]) == []


def test_a_cause_that_was_not_found_is_a_difference() -> None:
    assert sentences(GOOD, verdict="pass", cause="cors-blocked") == [
        "The cause should be cors-blocked but is none."
    ]


def test_an_inconclusive_verdict_gives_its_reason() -> None:
    made = recording(opened())
    assert sentences(made, verdict="pass") == [
        "The verdict should be pass but is inconclusive (no message was sent)."
    ]


def test_another_text_a_message_too_many_and_one_in_another_voice_are_named() -> None:
    other = [{"user": "Who is there?"}, {"user": "You have"}, LINES[2]]
    assert sentences(GOOD, verdict="pass", transcript=other) == [
        "Message 1 on screen should be user: “Who is there?” but is user: “What is open?”.",
        "Message 2 on screen should be user: “You have” but is assistant: “You have three open tasks.”.",
        "Message 4 on screen is assistant: “None is done.” but should not be there.",
    ]


def test_the_visible_transcript_leaves_out_what_nobody_can_read() -> None:
    shown = state(60, user(1, "Hi"), user(2, "Hidden", shown=False), item(3, "assistant-message", " "))
    assert visible_lines(recording(opened(), shown)) == (("user", "Hi"),)


@pytest.mark.parametrize(
    ("id_", "what"), [("reply-missing", "symptom"), ("wrong-dialect", "cause")], ids=["symptom", "cause"]
)
def test_a_near_miss_must_not_be_reported(id_: str, what: str) -> None:
    assert sentences(ATTEMPT, **MET, near_miss_of=[id_]) == [
        f"This is a near miss of {id_}, which is reported as a {what}."
    ]


def test_a_near_miss_of_something_else_is_met() -> None:
    assert sentences(ATTEMPT, **MET, near_miss_of=["reply-altered", "cors-blocked"]) == []


def test_a_warning_that_is_expected_has_to_come() -> None:
    assert sentences(GOOD, verdict="pass", warnings=["sse-done-marker"]) == [
        "The warning sse-done-marker is expected but missing."
    ]


def test_a_near_miss_must_not_be_warned_of_either() -> None:
    met = sentences(WARNED, verdict="pass", warnings=["insecure-context"])
    missed = sentences(WARNED, verdict="pass", near_miss_of=["insecure-context"])
    assert met == []
    assert missed == ["This is a near miss of insecure-context, which is reported as a warning."]
